using System.Globalization;
using System.Text;

namespace NetGen.Generator.Specs;

/// <summary>From names in parameter files to names in C#.</summary>
internal static class Identifiers
{
    /// <summary><c>fc1</c> → <c>Fc1</c>, <c>down_proj</c> → <c>DownProj</c>. Empty if nothing but underscores is given.</summary>
    public static string ToPascalCase(string name)
    {
        var result = new StringBuilder(name.Length);
        bool atStart = true;
        foreach (char c in name)
        {
            if (c == '_')
            {
                atStart = true;
                continue;
            }
            result.Append(atStart ? char.ToUpper(c, CultureInfo.InvariantCulture) : c);
            atStart = false;
        }
        return result.ToString();
    }
}
