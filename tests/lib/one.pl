#!/usr/bin/perl
# Runs one test and sees that it leaves no process behind: what it started and
# did not end becomes our child (PR_SET_CHILD_SUBREAPER), is ended, and counts
# as a failure.  Whoever reads the test's output would wait for it forever.
# So does a test that is not done after TEST_SECONDS (1200).
#   one.pl COMMAND...
use strict;
use warnings;
require 'syscall.ph';

my $limit = $ENV{TEST_SECONDS} // 1200;
my $pid;
syscall(&SYS_prctl, 36, 1, 0, 0, 0) == 0 or die "prctl: $!";
defined($pid = fork) or die "fork: $!";
if (!$pid) {
	exec @ARGV or die "$ARGV[0]: $!";
}
$SIG{$_} = sub { kill 'TERM', $pid } for qw(INT TERM HUP);
$SIG{ALRM} = sub {
	print STDERR "# no end after $limit seconds: ended\n";
	kill 'TERM', $pid;
	$SIG{ALRM} = sub { kill 'KILL', $pid };
	alarm 30;
};
alarm $limit;
while (waitpid(-1, 0) != $pid) {}
my $status = $? >> 8 || $?;

sub children {
	my @found;

	for my $stat (glob '/proc/[0-9]*/stat') {
		open my $in, '<', $stat or next;
		my $line = <$in> // next;
		push @found, $1 if $line =~ /^(\d+) \(.*\) [^Z] $$ /s;
	}
	return @found;
}

# What was told to end has a moment to do so.
for (1 .. 30) {
	1 while waitpid(-1, 1) > 0;
	last unless children();
	select undef, undef, undef, 0.1;
}
while (my @left = children()) {
	for my $left (@left) {
		open my $in, '<', "/proc/$left/cmdline" or next;
		print STDERR "# left running: ", (<$in> // '') =~ tr/\0/ /r,
			"\n";
		kill 'KILL', $left;
		waitpid $left, 0;
	}
	$status ||= 1;
}
exit $status;
