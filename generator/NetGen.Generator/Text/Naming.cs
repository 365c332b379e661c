namespace NetGen.Generator.Text;

/// <summary>C# names of what has a path.</summary>
internal static class Naming
{
    /// <summary><c>residual1.conv1</c> → <c>Residual1Conv1</c>.</summary>
    public static string Pascal(string path) => string.Concat(path.Split('.').Select(Identifiers.ToPascalCase));

    public static string Camel(string path)
    {
        string pascal = Pascal(path);
        return char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
    }
}
