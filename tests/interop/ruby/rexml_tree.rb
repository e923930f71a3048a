# REXML, Ruby's own, with text, which is the first piece of text.
require 'rexml/document'

def read(document)
  event = REXML::Document.new(document).root or raise 'no root element'
  children = ->(part) { event.elements.select { |e| e.name == part }.flat_map { |e| e.elements.to_a } }
  system = children.call('System').map { |e| [e.name, e.attributes.to_h { |k, v| [k, v.to_s] }, e.text] }
  data = children.call('EventData').select { |e| e.name == 'Data' }.map { |e| [e.attributes['Name'], e.text] }
  [system, data]
end
