#!/usr/bin/perl
# Runs TAP tests, tells what each takes and counts single checks: prove, with a
# last line alone of `N passed, N failed, N skipped`.  With CI=true a skip is a
# failure.
#   run.pl JOBS TEST...
use strict;
use warnings;
use TAP::Harness;

my ($jobs, @tests) = @ARGV;
my ($passed, $failed, @skipped, @wrong) = (0, 0);
my $harness = TAP::Harness->new({
	exec => sub {
		[$^X, 'tests/lib/one.pl', $_[1] =~ /\.t$/ ? 'bash' : (), $_[1]]
	},
	jobs => $jobs,
	failures => 1,
	comments => 0,
	timer => 1,
});

$harness->callback(made_parser => sub {
	my ($parser, $job) = @_;
	my $name = ref $job eq 'ARRAY' ? $job->[1] : $job->description;

	$parser->callback(test => sub {
		my ($check) = @_;

		push @skipped, "$name: " . $check->description .
			': ' . $check->explanation if $check->has_skip;
	});
	$parser->callback(plan => sub {
		my ($plan) = @_;

		push @skipped, "$name: all of it: " . $plan->explanation
			if $plan->has_skip;
	});
});

my $all = $harness->runtests(@tests);
for my $parser ($all->parsers) {
	my $bad = $parser->failed;

	$passed += $parser->passed - $parser->skipped;
	# A test that died, or whose plan is wrong, failed if all else passed.
	$failed += $bad || ($parser->has_problems ? 1 : 0);
}
print "skipped: $_\n" for @skipped;
my $ci = ($ENV{CI} // '') eq 'true';
print "CI is true: a skip is a failure\n" if $ci && @skipped;
printf "%d passed, %d failed, %d skipped\n", $passed, $failed,
	scalar @skipped;
exit($failed || ($ci && @skipped) || !$passed ? 1 : 0);
