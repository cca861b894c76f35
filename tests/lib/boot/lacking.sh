# shellcheck shell=dash
# In the guest, with rules of every kind: the kernel lacks one of the modules
# after the other.  What is built in, or not of this version, is left out.

unload() { # MODULE: and those that use it; adds their names to unloaded
	local user users left=10

	users=$(awk -v name="$1" '$1 == name && $4 != "-" {
		gsub(",", " ", $4)
		print $4
	}' /proc/modules)
	for user in $users; do
		unload "$user"
	done
	! grep -q "^$1 " /proc/modules || {
		# The kernel lets go of rules a while after they went.
		while ! rmmod "$1" && [ $left -gt 0 ]; do
			sleep 1
			left=$((left - 1))
		done
		unloaded="$1 $unloaded"
	}
}

without() { # MODULE COMMAND...: sets out to the status and what it says
	local module=$1

	shift
	unloaded=''
	unload "$module"
	out=$("$@" 2>&1)
	out="$? $out"
	for module in $unloaded; do
		insmod "$(cat /etc/fwbox/modules /guest.modules |
			grep -m 1 "/$module.ko")"
	done
}

ends() { # WANT NAME: what $out ends with
	case $out in
	*"$1") ok 0 "$2" ;;
	*) is "$out" "... $1" "$2" ;;
	esac
}

# All or nothing: refused by a message that names the module.
for module in nf_log_syslog nft_log nft_limit nft_reject_inet nft_counter \
	nft_ct nf_tables; do
	grep -q "^$module " /proc/modules || continue
	fw-stop 2>/dev/null
	without $module fw-init
	case $module in
	nf_tables) ends ': the kernel has no nf_tables' "no $module: says so" ;;
	nf_log_* | nft_l*)
		ends 'lacks nft_limit or nft_log or nf_log_syslog' \
			"no $module: says which it may be"
		;;
	*) ends ": the kernel lacks $module" "no $module: says so" ;;
	esac
	is "${out%% *} $(fw-status 2>&1)" '1 Status: inactive' \
		'... no rules are loaded'
done
try 8080 open 'not half of them'

# The lesser form.
if grep -q '^nft_fib_inet ' /proc/modules; then
	without nft_fib_inet fw-init
	is "$out" "0 fw-init: this kernel has no fib expression: the rules \
stand on input and forward instead of before destination NAT" \
		'no nft_fib_inet: the rules stand elsewhere, and that is said'
	try 8080 '' '... port 8080 is closed'
	try 22 open '... port 22 is allowed'
fi

# A change that is refused.
printf '%s\n' 'logging off' 'allow 22/tcp' >/etc/fwbox/rules
runs fw-init
without nft_limit fw-limit 8080/tcp
ends ': the kernel lacks nft_limit' 'a change needs what is not there: refused'
is "$(cat /etc/fwbox/rules)" 'logging off
allow 22/tcp' '... the file is as it was'
try 8080 '' '... so are the rules: port 8080 is closed'
try 22 open '... port 22 is allowed'
