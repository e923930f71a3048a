# XML::LibXML with its defaults.
use XML::LibXML;

sub {
    my ($document) = @_;
    my $event = XML::LibXML->load_xml(string => $document, no_network => 1)->documentElement;
    my @system = map { my $e = $_; [$e->localname, { map { $_->nodeName => $_->value } grep { $_->nodeType == 2 } $e->attributes }, $e->textContent] }
        $event->findnodes(q{./*[local-name()='System']/*});
    my @data = map { [$_->getAttribute('Name'), $_->textContent] } $event->findnodes(q{./*[local-name()='EventData']/*[local-name()='Data']});
    return (\@system, \@data);
};
