################################################################################
#
# fwbox
#
################################################################################

FWBOX_VERSION = 0.1.0
FWBOX_SOURCE = fwbox-$(FWBOX_VERSION).tar.gz
FWBOX_SITE = $(FWBOX_PKGDIR)
FWBOX_SITE_METHOD = file
FWBOX_DEPENDENCIES = libmnl
# What is there is started: that of Docker's networks only if asked for.
FWBOX_SERVICES = fwbox \
	$(if $(BR2_PACKAGE_FWBOX_DOCKER_CHAINS),docker-chains)

# The flags are fwbox's own, which keep it small: only the compiler is given.
define FWBOX_BUILD_CMDS
	$(TARGET_MAKE_ENV) $(MAKE) -C $(@D) fwbox CC="$(TARGET_CC)" \
		CROSS_COMPILE="$(TARGET_CROSS)" HOSTCC="$(HOSTCC)" \
		MNL_LIB="$(STAGING_DIR)/usr/lib/libmnl.a" \
		MNL_CFLAGS="-isystem $(STAGING_DIR)/usr/include"
endef

# The binary is the target's: the names are those of config.h.
define FWBOX_INSTALL_TARGET_CMDS
	$(INSTALL) -D -m 0755 $(@D)/fwbox $(TARGET_DIR)/usr/sbin/fwbox
	sed -n '/A(ufw)/d; s/^.*A(\([a-z_]*\)).*$$/\1/p' $(@D)/config.h | \
		tr _ - | while read -r name; do \
		ln -sf fwbox $(TARGET_DIR)/usr/sbin/$$name; done
endef

define FWBOX_INSTALL_INIT_SYSTEMD
	$(foreach name,$(FWBOX_SERVICES),
		$(INSTALL) -D -m 0644 $(@D)/scripts/systemd/$(name).service \
			$(TARGET_DIR)/usr/lib/systemd/system/$(name).service
	)
endef

define FWBOX_INSTALL_INIT_OPENRC
	$(foreach name,$(FWBOX_SERVICES),
		$(INSTALL) -D -m 0755 $(@D)/scripts/openrc/$(name) \
			$(TARGET_DIR)/etc/init.d/$(name)
	)
endef

define FWBOX_INSTALL_INIT_SYSV
	$(foreach name,$(subst fwbox,S39fwbox,\
			$(subst docker,S59docker,$(FWBOX_SERVICES))),
		$(INSTALL) -D -m 0755 $(FWBOX_PKGDIR)/$(name) \
			$(TARGET_DIR)/etc/init.d/$(name)
	)
endef

$(eval $(generic-package))
