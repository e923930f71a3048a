# Nokogiri as fluentd's winevt_xml parser calls it: the default mode, which repairs.
require_relative 'nokogiri_tree'

def read(document)
  tree(Nokogiri::XML(document))
end
