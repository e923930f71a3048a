# Ox in its strict mode, with text, which is the first piece of text.
require 'ox'

def read(document)
  doc = Ox.load(document, mode: :generic, effort: :strict)
  event = doc.is_a?(Ox::Document) ? doc.root : doc
  raise 'no root element' unless event.is_a?(Ox::Element)

  children = ->(part) { event.nodes.select { |e| e.is_a?(Ox::Element) && e.value == part }.flat_map(&:nodes).grep(Ox::Element) }
  system = children.call('System').map { |e| [e.value, e.attributes.transform_keys(&:to_s), e.text] }
  data = children.call('EventData').select { |e| e.value == 'Data' }.map { |e| [e.attributes[:Name], e.text] }
  [system, data]
end
