# XmlSimple as Logstash's xml filter calls it: no forced arrays, text under "content".
require 'xmlsimple'

def many(node)
  node.is_a?(Array) ? node : [node].compact
end

def text(node)
  node.is_a?(Hash) ? node['content'] : node
end

def attributes(node)
  node.is_a?(Hash) ? node : {}
end

def read(document)
  event = XmlSimple.xml_in(document, 'ForceArray' => false)
  system = (event['System'] || {}).flat_map { |name, node| many(node).map { |one| [name, attributes(one), text(one)] } }
  body = event['EventData']
  data = body.is_a?(Hash) ? body['Data'] : nil
  # XmlSimple folds elements that have a "name" key by it; Data has "Name", so it stays a list
  [system, many(data).map { |one| [attributes(one)['Name'], text(one)] }]
end
