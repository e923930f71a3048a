# Nokogiri, what its two ways of reading share.
require 'nokogiri'

def tree(doc)
  event = doc.root or raise 'no root element'
  children = ->(part) { event.element_children.select { |e| e.name == part }.flat_map { |e| e.element_children.to_a } }
  system = children.call('System').map { |e| [e.name, e.attributes.transform_values(&:value), e.text] }
  data = children.call('EventData').select { |e| e.name == 'Data' }.map { |e| [e['Name'], e.text] }
  [system, data]
end
