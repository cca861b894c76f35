# shellcheck shell=sh
# The firewall of /etc/fwbox/rules, up before any service is, the network's
# among them. For Void's stage 1: /etc/runit/core-services/98-fwbox.sh; else
# for anything that stage 1 runs before stage 2.
[ ! -e /etc/fwbox/rules ] || /usr/sbin/fw-init --boot
