using System.Globalization;
using System.Text;

namespace NetGen.Generator.Text;

/// <summary>Names in C#: the user's own, and those that become of names in parameter files.</summary>
internal static class Identifiers
{
    /// <summary>
    /// A name of the user's as the generated code writes it: with <c>@</c> where it is a keyword or might be one. Many words are keywords
    /// in some places only (<c>record</c>, <c>var</c>, <c>field</c>), and new ones come with every version of C#; but all consist of small
    /// letters, apart from a few that start with underscores. So every such name is escaped, which never changes its meaning.
    /// </summary>
    public static string Escape(string name)
        => name.Length > 0 && (name[0] == '_' || name.All(c => c is >= 'a' and <= 'z')) ? "@" + name : name;

    /// <summary>The letters and digits of a type's name: <c>Swish&lt;Half&gt;</c> → <c>SwishHalf</c>.</summary>
    public static string Letters(string name) => new(name.Where(c => char.IsLetterOrDigit(c) || c == '_').ToArray());

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
