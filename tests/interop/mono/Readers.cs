// .NET's three ways: XmlReader with its default settings (no DTD), XmlDocument, XDocument.
using System.IO;
using System.Linq;
using System.Xml;
using System.Xml.Linq;

public static class Readers {
    static readonly XNamespace space = "http://schemas.microsoft.com/win/2004/08/events/event";

    static void Child(Values values, XmlReader child) {
        string name = child.LocalName;
        for (int k = 0; k < child.AttributeCount; k++) {
            child.MoveToAttribute(k);
            values.Attribute(name, child.Name, child.Value);
        }
        child.MoveToElement();
        values.System(name, child.ReadElementContentAsString());
    }

    public static Values Tags(byte[] document) {
        var values = new Values();
        using (var reader = XmlReader.Create(new MemoryStream(document))) {
            string part = "";
            reader.MoveToContent();
            while (!reader.EOF) {
                if (reader.NodeType == XmlNodeType.Element && reader.Depth == 1) { part = reader.LocalName; }
                if (reader.NodeType == XmlNodeType.Element && reader.Depth == 2 && part == "System") {
                    Child(values, reader);
                } else if (reader.NodeType == XmlNodeType.Element && reader.Depth == 2 && part == "EventData" && reader.LocalName == "Data") {
                    string name = reader.GetAttribute("Name");
                    values.Data(name, reader.ReadElementContentAsString());
                } else {
                    reader.Read();
                }
            }
        }
        return values;
    }

    public static Values Document(byte[] document) {
        var values = new Values();
        var tree = new XmlDocument();
        tree.Load(new MemoryStream(document));
        foreach (XmlElement part in tree.DocumentElement.ChildNodes.OfType<XmlElement>()) {
            foreach (XmlElement e in part.ChildNodes.OfType<XmlElement>()) {
                if (part.LocalName == "System") {
                    foreach (XmlAttribute a in e.Attributes) { values.Attribute(e.LocalName, a.Name, a.Value); }
                    values.System(e.LocalName, e.InnerText);
                } else if (part.LocalName == "EventData" && e.LocalName == "Data") {
                    values.Data(e.HasAttribute("Name") ? e.GetAttribute("Name") : null, e.InnerText);
                }
            }
        }
        return values;
    }

    public static Values Linq(byte[] document) {
        var values = new Values();
        XElement root = XDocument.Load(new MemoryStream(document)).Root;
        foreach (XElement e in root.Elements(space + "System").Elements()) {
            foreach (XAttribute a in e.Attributes()) { values.Attribute(e.Name.LocalName, a.Name.LocalName, a.Value); }
            values.System(e.Name.LocalName, e.Value);
        }
        foreach (XElement e in root.Elements(space + "EventData").Elements(space + "Data")) { values.Data((string)e.Attribute("Name"), e.Value); }
        return values;
    }
}
