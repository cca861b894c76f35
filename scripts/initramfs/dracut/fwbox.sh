#!/bin/sh
# dracut: closes the host before udev can bring an interface up.
/usr/sbin/fw-init || warn 'fwbox: no firewall in the initramfs'
