# Completion for fish: fwbox and all of its applets.

set -l adding fw-allow fw-deny fw-reject fw-limit
set -l changing fw-init $adding fw-delete fw-default fw-logging

function __fwbox_services
    string match -r '^[^\s#]+' </etc/services
end

function __fwbox_profiles
    fw-app list 2>/dev/null | string match -rg '^  (.*)'
end

function __fwbox_interfaces
    command ls /sys/class/net
end

function __fwbox_bridges
    string match -rg '/net/(.*)/bridge$' /sys/class/net/*/bridge
end

function __fwbox_numbers
    fw-status --json 2>/dev/null | string match -rag '"number":([0-9]+)'
end

function __fwbox_keys
    docker-cfg --keys 2>/dev/null | string match -r '^\S+'
end

# The word before the one at the cursor is one of WORD...
function __fwbox_after
    contains -- (commandline -opc)[-1] $argv
end

# None of WORD... is there yet.
function __fwbox_without
    for word in (commandline -opc)
        contains -- $word $argv; and return 1
    end
    return 0
end

# What a rule may go on with; the last word decides first.
function __fwbox_rule
    set -l words (commandline -opc)
    switch $words[-1]
        case on
            __fwbox_interfaces
        case proto
            printf '%s\n' tcp udp ah esp gre ipv6 igmp vrrp any
        case from to
            echo any
        case port
            __fwbox_services
        case app
            __fwbox_profiles
        case comment insert --confirm
        case '*'
            set -l clauses in out log log-all from to proto comment
            if __fwbox_without $clauses route
                __fwbox_services
                __fwbox_profiles
            end
            for word in $clauses
                __fwbox_without $word; and echo $word
            end
            __fwbox_after in out; and echo on
            __fwbox_without from to; or printf '%s\n' port app
    end
end

for name in $changing
    complete -c $name -f
    complete -c $name -s n -d 'print the transaction, change nothing'
    complete -c $name -s r -rF -d 'rules file'
    complete -c $name -l confirm -x -d 'taken back after so many seconds'
    complete -c $name -l force -d 'even if it refuses the SSH connection in use'
end
complete -c fw-init -l keep -d 'confirm the change that waits'
complete -c fw-init -l boot -d 'nothing, where the file says startup off'
for name in fw-init $adding
    complete -c $name -a '(__fwbox_rule)'
    complete -c $name -n '__fwbox_after '$name -a 'insert prepend route'
end

set -l actions allow deny reject limit
complete -c fw-delete -n "__fwbox_without $actions" -a "$actions route"
complete -c fw-delete -n "__fwbox_without $actions" -a '(__fwbox_numbers)'
complete -c fw-delete -n "not __fwbox_without $actions" -a '(__fwbox_rule)'
complete -c fw-default -n "__fwbox_without allow deny reject" \
    -a 'allow deny reject'
complete -c fw-default -n "__fwbox_after allow deny reject" \
    -a 'incoming outgoing routed'
complete -c fw-logging -a 'off low medium high full'

complete -c fw-status -f
complete -c fw-status -s v -d 'defaults and ports of applications, too'
complete -c fw-status -l numbered -d 'with the numbers that fw-delete takes'
complete -c fw-status -l counters -d 'packets and bytes'
complete -c fw-status -l json -d 'as JSON'
complete -c fw-status -s r -rF -d 'rules file'
complete -c fw-stop -f
complete -c fw-app -f -n '__fwbox_after fw-app' -a 'list info'
complete -c fw-app -f -n '__fwbox_after info' -a 'all (__fwbox_profiles)'

complete -c docker-cfg -f -a '(__fwbox_keys)='
complete -c docker-cfg -s n -d 'print the new file, change nothing'
complete -c docker-cfg -s r -d 'print strings raw'
complete -c docker-cfg -s f -rF -d 'another file'
complete -c docker-cfg -s b -d 'keep the old file'
complete -c docker-cfg -l any -d 'set also what dockerd would refuse'
complete -c docker-cfg -l check -d 'say what dockerd makes of the file'
complete -c docker-cfg -l json -d 'say it as JSON'
complete -c docker-cfg -l keys -d "list dockerd's keys"
complete -c docker-cfg -l no-iptables -d 'stop Docker from writing rules'
complete -c docker-cfg -l undo -d 'put the old file back'
complete -c docker-cfg -l reload -d 'have dockerd read it'
complete -c docker-cfg -s d -x -a '(__fwbox_keys)' -d 'delete a key'

complete -c fw-why -f -a 'in out from to port tcp udp icmp'
complete -c fw-why -n '__fwbox_after in out' -a '(__fwbox_interfaces)'
complete -c fw-why -n '__fwbox_after port' -a '(__fwbox_services)'
complete -c fw-why -s r -rF -d 'rules file'

complete -c docker-chains -f
complete -c docker-chains -s n -d 'print the transaction, change nothing'
complete -c docker-chains -l iptables -d "in iptables' own tables"
complete -c docker-chains -l as -x -a '20.10 28' -d 'as Docker has them'
complete -c docker-chains -l delete -d 'take them away again'
complete -c docker-chains -l publish -d 'publish ports by address translation'
complete -c docker-chains -l list -d 'show the networks'
complete -c docker-chains -l json -d 'show them as JSON'
complete -c docker-chains -l watch -d 'stay, and follow what changes'
complete -c docker-chains -l pid-file -rF -d 'for its number'
complete -c docker-chains -l socket -rF -d "the engine's"
complete -c docker-chains -l force -d 'although Docker makes them itself'
complete -c docker-chains -l no-sysctl -d "leave the kernel's settings alone"
complete -c docker-chains -s f -rF -d "Docker's configuration"
complete -c docker-chains -s b -x -a '(__fwbox_bridges)' -d bridge
complete -c docker-chains -s s -x -d subnet

complete -c fwbox -f
complete -c fwbox -n '__fwbox_after fwbox' -a '(fwbox --list)'
complete -c fwbox -l list -d 'the applets'
complete -c fwbox -l install -d 'link them'
complete -c fwbox -l ufw -d 'with --install: ufw too'
complete -c fwbox -l version
complete -c fwbox -l help
complete -c fwbox -n '__fwbox_after --install -s' -F
complete -c fwbox -n 'not __fwbox_after fwbox; and __fwbox_without --install' \
    -xa '(complete -C (string replace -r "^\s*\S+\s+" "" -- (commandline -cp)))'
