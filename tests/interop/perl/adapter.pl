#!/usr/bin/perl
# The frame of every adapter in Perl: a document on standard input, its values as JSON on standard output; with --frames
# many of them, as "wevcorpus run --persistent" sends them. An adapter is a file that gives a function of the bytes: it
# returns two lists, [name, {attributes}, text] of System and [name, text] of Data, and dies to refuse.
# Run: perl adapter.pl FILE [--frames].
use strict;
use warnings;
use JSON::PP;

my %keys = ('Provider Name' => 'Provider', 'Provider Guid' => 'Guid', 'TimeCreated SystemTime' => 'TimeCreated', 'Correlation ActivityID' => 'ActivityID',
            'Execution ProcessID' => 'ProcessID', 'Execution ThreadID' => 'ThreadID', 'Security UserID' => 'UserID');
my %texts = map { $_ => 1 } qw(EventID Version Level Task Opcode Keywords EventRecordID Channel Computer);
my $json = JSON::PP->new->ascii->canonical;
my $read = do $ARGV[0] or die $@ || "$ARGV[0]: $!\n";

sub values_of {
    my ($system, $data) = @_;
    my %out = (header => {}, data => {});
    for my $child (@$system) {
        my ($name, $attributes, $text) = @$child;
        for my $key (keys %$attributes) {
            my $to = $keys{"$name $key"};
            $out{header}{$to} = "$attributes->{$key}" if $to;
        }
        $out{header}{$name} = defined $text ? "$text" : '' if $texts{$name};
    }
    $out{data}{$_->[0]} = defined $_->[1] ? "$_->[1]" : '' for grep { defined $_->[0] } @$data;
    return \%out;
}

sub answer {
    my ($document) = @_;
    my $line = eval { $json->encode(values_of($read->($document))) };
    return $line if defined $line;
    my $why = substr($@, 0, 200);
    $why =~ s/[^ -~]/ /g;
    return "reject $why";
}

binmode STDIN;
$| = 1;
if (($ARGV[1] // '') eq '--frames') {
    while (my $head = <STDIN>) {
        my $document = '';
        read(STDIN, $document, $head) if $head > 0;
        print answer($document), "\n";
    }
    exit 0;
}
my $line = answer(do { local $/; <STDIN> } // '');
my $accepts = $line =~ /^\{/;
print { $accepts ? *STDOUT : *STDERR } $line, "\n";
exit($accepts ? 0 : 1);
