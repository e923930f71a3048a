# XML::Simple without its foldings by key; text is under "content".
use XML::Simple ();

sub {
    my ($document) = @_;
    my $event = XML::Simple::XMLin($document, KeyAttr => [], ForceArray => ['Data'], ForceContent => 1);
    my (@system, @data);
    my $system = $event->{System} || {};
    for my $name (keys %$system) {
        push @system, [$name, ref $_ ? ($_, $_->{content}) : ({}, $_)] for ref $system->{$name} eq 'ARRAY' ? @{ $system->{$name} } : $system->{$name};
    }
    push @data, [$_->{Name}, $_->{content}] for grep { ref } @{ ref $event->{EventData} eq 'HASH' && $event->{EventData}{Data} || [] };
    return (\@system, \@data);
};
