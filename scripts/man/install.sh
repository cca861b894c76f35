#!/bin/sh
# Puts the manual pages and the completions of the shells where they are found.
#   install.sh SHARE APPLET...     SHARE: such as /usr/local/share
set -eu
share=$1
case $share in
/*) ;;
*) share=$PWD/$share ;;
esac
cd "$(dirname "$0")"
shift
bash=$share/bash-completion/completions
zsh=$share/zsh/site-functions
fish=$share/fish/vendor_completions.d

mkdir -p "$share/man/man5" "$share/man/man8" "$bash" "$zsh" "$fish"
install -m 644 ./*.5 "$share/man/man5"
install -m 644 ./*.8 "$share/man/man8"
install -m 644 ../completion/fwbox.bash "$bash/fwbox"
install -m 644 ../completion/_fwbox "$zsh/_fwbox"
install -m 644 ../completion/fwbox.fish "$fish/fwbox.fish"

# Both shells look for a command's file by its name.
for applet; do
	ln -sf fwbox "$bash/$applet"
	ln -sf fwbox.fish "$fish/$applet.fish"
done
# Names that share a page.
for applet; do
	case $applet in
	fw-deny | fw-reject | fw-limit) page=fw-allow ;;
	ufw) page=fwbox-ufw ;;
	*) continue ;;
	esac
	ln -sf "$page.8" "$share/man/man8/$applet.8"
done
