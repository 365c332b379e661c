namespace NetGen.Generator.Text;

/// <summary>Text inside XML comments.</summary>
internal static class XmlText
{
    public static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
