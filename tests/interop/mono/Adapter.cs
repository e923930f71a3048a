// The frame of every adapter in C#: a document on standard input, its values as JSON on standard output; with --frames
// many of them, as "wevcorpus run --persistent" sends them. Run: mono adapters.exe NAME [--frames].
using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

// What a library read: the header by its keys, the Data elements by name.
public sealed class Values {
    static readonly Dictionary<string, string> keys = new Dictionary<string, string> {
        {"Provider Name", "Provider"}, {"Provider Guid", "Guid"}, {"TimeCreated SystemTime", "TimeCreated"},
        {"Correlation ActivityID", "ActivityID"}, {"Execution ProcessID", "ProcessID"}, {"Execution ThreadID", "ThreadID"},
        {"Security UserID", "UserID"}};
    const string texts = " EventID Version Level Task Opcode Keywords EventRecordID Channel Computer ";
    readonly StringBuilder header = new StringBuilder(), data = new StringBuilder();

    static bool Lone(string s, int k) {
        return (char.IsHighSurrogate(s[k]) && (k + 1 == s.Length || !char.IsLowSurrogate(s[k + 1]))) ||
            (char.IsLowSurrogate(s[k]) && (k == 0 || !char.IsHighSurrogate(s[k - 1])));
    }

    // JSON has no lone surrogates: what a parser made of one becomes U+FFFD, which no expected value has.
    static void PutString(StringBuilder to, string s) {
        to.Append('"');
        for (int k = 0; k < (s ?? "").Length; k++) {
            char c = Lone(s, k) ? '\ufffd' : s[k];
            if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') { to.AppendFormat("\\u{0:x4}", (int)c); } else { to.Append(c); }
        }
        to.Append('"');
    }

    static void Put(StringBuilder to, string key, string value) {
        if (to.Length > 0) { to.Append(','); }
        PutString(to, key);
        to.Append(':');
        PutString(to, value);
    }

    public void Attribute(string element, string name, string value) {
        string key;
        if (keys.TryGetValue(element + " " + name, out key)) { Put(header, key, value); }
    }

    public void System(string element, string text) {
        if (texts.Contains(" " + element + " ")) { Put(header, element, text); }
    }

    public void Data(string name, string text) {
        if (name != null) { Put(data, name.Replace('\0', '\ufffd'), text); } // no reader of JSON need take U+0000 in a name
    }

    public string Json() {
        return "{\"header\":{" + header + "},\"data\":{" + data + "}}";
    }
}

public static class Adapter {
    static string Answer(Func<byte[], Values> read, byte[] document) {
        try {
            return read(document).Json();
        } catch (Exception why) {
            return "reject " + why.GetType().Name + " " + why.Message.Replace('\n', ' ').Replace('\r', ' ');
        }
    }

    static byte[] Read(Stream from, int n) {
        var document = new byte[n];
        for (int have = 0, got; have < n; have += got) {
            got = from.Read(document, have, n - have);
            if (got <= 0) { throw new IOException("a frame that ends too early"); }
        }
        return document;
    }

    static void Frames(Func<byte[], Values> read, Stream from, TextWriter to) {
        for (int c = from.ReadByte(); c >= 0; c = from.ReadByte()) {
            int n = 0;
            for (; c != '\n'; c = from.ReadByte()) {
                if (c < '0' || c > '9') { throw new IOException("not a frame"); }
                n = 10 * n + c - '0';
            }
            to.Write(Answer(read, Read(from, n)) + "\n");
            to.Flush();
        }
    }

    public static int Main(string[] args) {
        Func<byte[], Values> read = args[0] == "reader" ? Readers.Tags : args[0] == "document" ? Readers.Document : (Func<byte[], Values>)Readers.Linq;
        var from = new BufferedStream(Console.OpenStandardInput());
        var to = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false));
        if (args.Length > 1 && args[1] == "--frames") {
            Frames(read, from, to);
            return 0;
        }
        var document = new MemoryStream();
        from.CopyTo(document);
        string line = Answer(read, document.ToArray());
        (line[0] == '{' ? to : Console.Error).Write(line + "\n");
        to.Flush();
        return line[0] == '{' ? 0 : 1;
    }
}
