#!/bin/bash
# A fault or a kill at each system call of a change: the file is the old one
# or the new one, and so is the firewall in the kernel; a fault is told of;
# the next change works and clears up.  FAULTS names the errors.
set -u
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
fwbox=${FWBOX:-$PWD/fwbox}
[[ $EUID -eq 0 ]] || skip_all 'needs root'
for tool in strace nft; do
	command -v $tool >/dev/null || skip_all "needs $tool"
done
if [[ ${1-} != inside ]]; then
	unshare -m -n -p -f --mount-proc true 2>/dev/null ||
		skip_all 'needs namespaces'
	# Few processes in /proc, and all that is left ends with the test.
	exec unshare -m -n -p -f --mount-proc --kill-child=KILL \
		--propagation private bash "$0" inside
fi
mount -t tmpfs tmpfs "$tmp" || bail 'a tmpfs'
at_exit "umount -l '$tmp'"
cd "$tmp" || exit 1
mkdir d
ip link set lo up
export FWBOX_RULES=$tmp/d/rules

rules() { [[ ! -e d/rules ]] || echo "$(<d/rules)"; }
listing() { nft -n list ruleset; }
fw() { "$@" >out 2>&1 </dev/null; }

# What a change starts from and should come to, as d/rules and a listing.
declare -A file=() kernel=()
note() { # STATE
	cp d/rules "$1.rules"
	file[$1]=$(<d/rules)
	kernel[$1]=$(listing)
}
fw "$fwbox" fw-init ssh && note old
ok $? 'fw-init' || bail 'nothing to test with'
fw "$fwbox" fw-allow 8080/tcp && note new
ok $? 'fw-allow'
fw "$fwbox" fw-delete 1 && note less
ok $? 'fw-delete'
# shellcheck disable=SC2034 # state reads it by its name
file[none]='' kernel[none]=''


# Both as they were before the change, when the kernel holds what d/rules says.
fresh() {
	rm -f d/rules.rollback d/.fwbox-*
	if [[ $had == none ]]; then
		nft flush ruleset
	elif [[ $(rules) != "${file[$had]}" ]]; then
		cp "$had.rules" d/rules
		fw "$fwbox" fw-init
	fi
	rm -f d/rules
	[[ $from == none ]] || cp "$from.rules" d/rules
}

state() { # TEXT (FILE|KERNEL)
	local name
	local -n known=$2

	for name in "$from" "$had" "$to"; do
		[[ $1 != "${known[$name]}" ]] || { echo "$name"; return; }
	done
	echo torn
}

wrong() { # WHY
	bad=1
	diag "$1: $what $call $n, status $status, file $f, kernel $k: $(<said)"
}

# What is left of a trial: the guard ends here, as with the machine.
end_guard() {
	[[ -e d/rules.rollback ]] || return 1
	pgrep -f -- '--confirm 600' | xargs -r kill -KILL
	flock d/rules.rollback true # until it is gone
}

# The next change works, clears up, and undoes what was on trial.
next() {
	local tried=

	! end_guard || tried=1
	fw "$fwbox" fw-init || wrong "the next one: $(<out)"
	[[ -z $(compgen -G 'd/.fwbox-*') ]] || wrong 'not cleared up'
	[[ -z $tried || $(rules) == "${file[$from]}" ]] ||
		wrong 'not undone'
}

judge() { # what a change that was hit left behind
	f=$(state "$(rules)" file)
	k=$(state "$(listing)" kernel)
	hits=$((hits + 1))
	case $what:$status in
	signal*:137 | error*:[01]) ;;
	*) wrong 'a strange end' ;;
	esac
	[[ $f != torn && $k != torn ]] || wrong 'neither old nor new'
	[[ $what != error* || -n $guard ]] || case $status:$f:$k in
	"0:$to:$to") survived[$call]=1 ;;
	0:*) wrong 'done and not done' ;;
	"1:$to:$to" | "1:$from:$had") [[ -s said ]] || wrong 'not a word' ;;
	"1:$from:$to") halves[$call]=1 ;;
	*) wrong 'the file is ahead of the kernel' ;;
	esac
	[[ $what != error* || -z $guard || $f$k == "$from$had" ]] ||
		wrong 'not taken back'
	next
	fresh
}

trace() { # STRACE-OPTION... -- COMMAND...: sets status
	local options=()

	while [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	shift
	if [[ -n $guard ]]; then # not the command but its guard, its time up
		fw "$fwbox" "$@"
		{ timeout 20 strace -qq -o trace \
			-p "$(pgrep -f -- '--confirm 600')" \
			-e inject=restart_syscall,poll:retval=0 \
			"${options[@]}" >said 2>&1; } 2>/dev/null
		status=$?
		! grep -q 'killed by SIGKILL' trace || status=137
		return
	fi
	{ strace -qq -o trace "${options[@]}" "$fwbox" "$@" >said 2>&1 \
		</dev/null; } 2>/dev/null
	status=$?
}

hit() { # COMMAND...
	trace -e "trace=$call,restart_syscall,poll" \
		-e "inject=$call:$what:when=$n" -- "$@"
	if grep -qE "^$call\(.*INJECTED|killed by SIGKILL" trace; then
		judge
	else
		next
		fresh
	fi
}

calls_of() { # of the last trace: lines `CALL NTH`
	sed -n 's/^\([a-z_0-9]*\)(.*/\1/p' trace | grep -vxE "$never" |
		awk '{ print $1, ++n[$1] }'
}
# What begins and ends a process; what is injected to pass the time.
never='execve|exit_group|_exit|arch_prctl|set_tid_address|restart_syscall|poll'

each_call() { # (error|signal) COMMAND...
	local kind=$1 what call n status f k hits=0 bad=0 name count=0
	local -A survived=() halves=()

	shift
	name=${guard:+the guard of }$*
	while read -r call n; do
		((count++ % step == 0)) || continue
		what=signal=SIGKILL
		[[ $kind == signal ]] ||
			what=error=${faults[hits % ${#faults[@]}]}
		hit "$@"
	done <<<"$calls"
	[[ $count -gt 9 && $hits -gt 0 ]] || bad=1
	ok $bad "$name: $kind at $hits calls${sampled:+, $sampled}"
	[[ -z ${!survived[*]} ]] || diag "survived: ${!survived[*]}"
	[[ -z ${!halves[*]} ]] || diag "kernel alone: ${!halves[*]}"
}

campaign() { # FROM HAD TO COMMAND...: file and kernel before, and after
	local from=$1 had=$2 to=$3 calls status

	shift 3
	fresh
	trace -- "$@"
	is "$status:$(state "$(rules)" file)" \
		"0:$([[ $guard ]] && echo "$from" || echo "$to")" "$*" || return
	calls=$(calls_of)
	next
	fresh
	each_call error "$@"
	each_call signal "$@"
}

# Confirmed: kept whole, or taken back whole.
campaign_keep() {
	local from=old had=old to=new call n hits=0 bad=0 what status f k
	local guard=' ' calls

	fresh
	fw "$fwbox" fw-allow --force --confirm 600 8080/tcp
	strace -qq -o trace "$fwbox" fw-init --keep >said 2>&1
	is "$?:$(<said):$(state "$(rules)" file)" 0::new 'fw-init --keep'
	calls=$(calls_of)
	next
	fresh
	for what in error=EIO signal=SIGKILL; do
		while read -r call n; do
			keep "$call" "$n"
		done <<<"$calls"
	done
	ok $bad "fw-init --keep: a fault or kill at $hits calls"
}

keep() { # CALL N
	fw "$fwbox" fw-allow --force --confirm 600 8080/tcp
	{ strace -qq -o trace -e "trace=$1" -e "inject=$1:$what:when=$2" \
		"$fwbox" fw-init --keep >said 2>&1; } 2>/dev/null
	status=$?
	hits=$((hits + 1))
	f=$(state "$(rules)" file) k=$(state "$(listing)" kernel)
	[[ $f$k == newnew ]] || wrong 'the change is gone'
	[[ $status -eq 0 || $what == signal* || -s said ]] ||
		wrong 'not a word'
	# What was not kept is on trial yet, and is undone by the next.
	[[ $status -ne 0 || ! -e d/rules.rollback ]] || wrong 'kept and not'
	next
	fresh
}

read -ra faults <<<"${FAULTS:-EIO ENOSPC ENOMEM EPERM}"
guard='' step=${STEP:-1} sampled=''
campaign old old new fw-allow 8080/tcp
guard=' '
campaign old old new fw-allow --force --confirm 600 8080/tcp
guard=''
[[ -n ${EACH-} ]] || step=$((step * 3)) sampled="every ${step}th"
campaign old old new fw-allow --force --confirm 600 8080/tcp
campaign new new less fw-delete --force 1
campaign new old new fw-init --force
campaign none none old fw-init --force ssh
campaign_keep
done_testing
