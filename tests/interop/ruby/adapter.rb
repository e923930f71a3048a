# The frame of every adapter in Ruby: a document on standard input, its values as JSON on standard output; with --frames
# many of them, as "wevcorpus run --persistent" sends them. An adapter defines read(bytes), which gives
# [[name, attributes, text], ...] of System and [[name, text], ...] of Data; what it raises is a refusal.
# Run: ruby adapter.rb NAME [--frames].
require 'json'
require_relative ARGV[0]

KEYS = { %w[Provider Name] => 'Provider', %w[Provider Guid] => 'Guid', %w[TimeCreated SystemTime] => 'TimeCreated',
         %w[Correlation ActivityID] => 'ActivityID', %w[Execution ProcessID] => 'ProcessID', %w[Execution ThreadID] => 'ThreadID',
         %w[Security UserID] => 'UserID' }.freeze
TEXTS = %w[EventID Version Level Task Opcode Keywords EventRecordID Channel Computer].freeze

# A name with U+0000 cannot be told: no reader of JSON need take it.
def tellable(name)
  name.include?("\0") ? name.tr("\0", '?') : name
end

def values(system, data)
  header = {}
  system.each do |name, attributes, text|
    attributes.each { |key, value| header[KEYS[[name, key]]] = value if KEYS[[name, key]] }
    header[name] = text || '' if TEXTS.include?(name)
  end
  { header: header, data: data.reject { |name, _| name.nil? }.to_h { |name, text| [tellable(name), text || ''] } }
end

# JSON, or why not
def answer(document)
  JSON.generate(values(*read(document)))
rescue SystemStackError => e
  "crash #{e.class}"
rescue StandardError => e
  "reject #{"#{e.class} #{e.message}"[0, 200].inspect}"
end

$stdin.binmode
if ARGV[1] == '--frames'
  while (head = $stdin.gets("\n"))
    n = Integer(head.chomp, 10)
    $stdout.puts(answer(n.zero? ? ''.b : $stdin.read(n)))
    $stdout.flush
  end
else
  line = answer($stdin.read)
  accepts = line.start_with?('{')
  (accepts ? $stdout : $stderr).puts(line)
  exit(accepts ? 0 : line.start_with?('reject') ? 1 : 70)
end
