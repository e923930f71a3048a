// The frame of every adapter in Java: a document on standard input, its values as JSON on standard output; with --frames
// many of them, as "wevcorpus run --persistent" sends them. Run: java Adapter CLASS [--frames].
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

public final class Adapter {
    // What an adapter does: it throws to refuse.
    public interface Reader {
        Values read(byte[] document) throws Exception;
    }

    // What a library read: the header by its keys, the Data elements by name.
    public static final class Values {
        private static final Map<String, String> KEYS = Map.of("Provider Name", "Provider", "Provider Guid", "Guid", "TimeCreated SystemTime",
            "TimeCreated", "Correlation ActivityID", "ActivityID", "Execution ProcessID", "ProcessID", "Execution ThreadID", "ThreadID",
            "Security UserID", "UserID");
        private static final Set<String> TEXTS = Set.of("EventID", "Version", "Level", "Task", "Opcode", "Keywords", "EventRecordID", "Channel",
            "Computer");
        private final Map<String, String> header = new LinkedHashMap<>(), data = new LinkedHashMap<>();
        // tags one by one
        private int depth;
        private String part, element, field;
        private StringBuilder text;

        public void attribute(String name, String attribute, String value) {
            String key = KEYS.get(name + " " + attribute);
            if (key != null) { header.put(key, value); }
        }

        public void system(String name, String value) {
            if (TEXTS.contains(name)) { header.put(name, value == null ? "" : value); }
        }

        public void data(String name, String value) {
            if (name != null) { data.put(name, value == null ? "" : value); }
        }

        public void start(String name, Map<String, String> attributes) {
            depth++;
            if (depth == 2) { part = name; }
            if (depth != 3) { return; }
            element = name;
            field = attributes.get("Name");
            text = new StringBuilder();
            if (part.equals("System")) { attributes.forEach((key, value) -> attribute(name, key, value)); }
        }

        public void text(CharSequence s) {
            if (text != null) { text.append(s); }
        }

        public void end() {
            if (depth == 3) {
                if (part.equals("System")) { system(element, text.toString()); }
                if (part.equals("EventData") && element.equals("Data")) { data(field, text.toString()); }
                text = null;
            }
            depth--;
        }

        private static boolean lone(String s, int k) {
            char c = s.charAt(k);
            return (Character.isHighSurrogate(c) && (k + 1 == s.length() || !Character.isLowSurrogate(s.charAt(k + 1))))
                || (Character.isLowSurrogate(c) && (k == 0 || !Character.isHighSurrogate(s.charAt(k - 1))));
        }

        // JSON has no lone surrogates: what a parser made of one becomes U+FFFD, which no expected value has.
        private static void put(StringBuilder out, String s) {
            out.append('"');
            for (int k = 0; k < s.length(); k++) {
                char c = lone(s, k) ? '\ufffd' : s.charAt(k);
                if (c < 0x20 || c == '"' || c == '\\' || c > 0x7e) { out.append(String.format("\\u%04x", (int) c)); } else { out.append(c); }
            }
            out.append('"');
        }

        private static void put(StringBuilder out, Map<String, String> members) {
            out.append('{');
            for (Map.Entry<String, String> e : members.entrySet()) {
                if (out.charAt(out.length() - 1) != '{') { out.append(','); }
                put(out, e.getKey().replace('\0', '\ufffd')); // no reader of JSON need take U+0000 in a name
                out.append(':');
                put(out, e.getValue());
            }
            out.append('}');
        }

        String json() {
            StringBuilder out = new StringBuilder("{\"header\":");
            put(out, header);
            out.append(",\"data\":");
            put(out, data);
            return out.append('}').toString();
        }
    }

    private static String reason(Throwable why) {
        return (why.getClass().getSimpleName() + ": " + why.getMessage()).replaceAll("[^ -~]", " ");
    }

    // A document without its frame, or null at the end.
    private static byte[] next(DataInputStream in) throws IOException {
        int n = 0, c = in.read();
        if (c < 0) { return null; }
        for (; c != '\n'; c = in.read()) {
            if (c < '0' || c > '9') { throw new IOException("not a frame"); }
            n = 10 * n + c - '0';
        }
        byte[] document = new byte[n];
        in.readFully(document);
        return document;
    }

    private static String answer(Reader reader, byte[] document) {
        try {
            return reader.read(document).json();
        } catch (StackOverflowError | OutOfMemoryError why) {
            return "crash " + reason(why);
        } catch (Exception why) {
            return "reject " + reason(why);
        }
    }

    private static byte[] all() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.in.transferTo(out);
        return out.toByteArray();
    }

    public static void main(String[] args) throws Exception {
        Reader reader = (Reader) Class.forName(args[0]).getDeclaredConstructor().newInstance();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        if (args.length > 1 && args[1].equals("--frames")) {
            DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(System.in));
            for (byte[] document = next(in); document != null; document = next(in)) { out.println(answer(reader, document)); }
            return;
        }
        String line = answer(reader, all());
        (line.startsWith("{") ? out : System.err).println(line);
        System.exit(line.startsWith("{") ? 0 : line.startsWith("reject") ? 1 : 70);
    }
}
