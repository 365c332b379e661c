using NetGen.Generator.Emit;

namespace NetGen.Generator.Surface;

/// <summary>XML documentation of generated members, for <c>using static</c>. Texts are XML already.</summary>
internal static class Doc
{
    public static string Summary(string text) => $"<summary>{text}</summary>";

    public static string Param(string name, string text) => $"<param name=\"{name}\">{text}</param>";

    public static string Returns(string text) => $"<returns>{text}</returns>";

    /// <param name="exception">With its namespace.</param>
    public static string Throws(string exception, string text) => $"<exception cref=\"global::{exception}\">{text}</exception>";
}
