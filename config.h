/* fwbox at compile time.  Edit and run make. */
#ifndef CONFIG_H
#define CONFIG_H

/* The applets in the binary, in the order they are listed.  A line here and
 * a file in applets/ is an applet; a line left out leaves it out. */
#define APPLETS(A) \
	A(fw_init) \
	A(fw_allow) \
	A(fw_deny) \
	A(fw_reject) \
	A(fw_limit) \
	A(fw_delete) \
	A(fw_default) \
	A(fw_logging) \
	A(fw_status) \
	A(fw_app) \
	A(fw_why) \
	A(fw_stop) \
	A(docker_cfg) \
	A(docker_chains) \
	A(ufw)

#define RULES_FILE "/etc/fwbox/rules"
#define DAEMON_JSON "/etc/docker/daemon.json"

/* Where service names and application profiles are looked up, the first
 * folder that has a profile deciding. */
#define NAMES_SERVICES "/etc/services"
#define PROFILE_DIRS "/etc/fwbox/applications.d", "/etc/ufw/applications.d"

/* Any of these is there where the firewall is loaded at system startup. */
#define BOOT_LINKS "/etc/systemd/system/sysinit.target.wants/fwbox.service", \
	"/etc/runlevels/boot/fwbox", "/etc/runit/core-services/98-fwbox.sh", \
	"/etc/init.d/S39fwbox", \
	"/etc/rc.d/S19fwbox"

/* The table, in family inet. */
#define TABLE_NAME "fwbox"

/* Where Docker's engine listens. */
#define DOCKER_SOCKET "/var/run/docker.sock"

/* What begins a line in the kernel's log: "[FWBOX BLOCK] ". */
#define LOG_NAME "FWBOX"

/* Whether to try the kernel's fib expression first, without which the rules
 * cannot stand before destination NAT; fwbox finds out, 0 spares the try. */
#ifndef HAVE_FIB
#define HAVE_FIB 1
#endif

/* Whether neighbouring rules become one lookup in a set; 0, for comparison,
 * has the kernel walk through them. */
#ifndef MERGE_RULES
#define MERGE_RULES 1
#endif

/* Interfaces that containers are behind: what they send is let out, and
 * published ports lead to them.  A trailing * matches a prefix. */
#define CONTAINER_IFACES "docker0", "docker_gwbridge", "br-*"

#endif
