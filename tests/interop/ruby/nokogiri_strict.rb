# Nokogiri in strict mode.
require_relative 'nokogiri_tree'

def read(document)
  tree(Nokogiri::XML(document, &:strict))
end
