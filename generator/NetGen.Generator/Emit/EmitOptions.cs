using System.Globalization;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NetGen.Generator.Emit;

/// <summary>What a project's properties say about the code to write.</summary>
/// <param name="PrintGraph"><c>NetGenPrintGraph</c>: a file of comments with the graphs after each pass.</param>
/// <param name="DivideFrom">
/// <c>NetGenDivideFrom</c>: multiply-adds of a sample from which threads share the work of a single one; <c>never</c> is the largest
/// number.
/// </param>
internal sealed record EmitOptions(bool PrintGraph = false, long? DivideFrom = null)
{
    /// <summary>Values that make no sense are refused by the package's targets; here they count as not given.</summary>
    public static EmitOptions Read(AnalyzerConfigOptions options) => new(
        Property(options, "NetGenPrintGraph").Equals("true", StringComparison.OrdinalIgnoreCase),
        Property(options, "NetGenDivideFrom") is var from && from.Equals("never", StringComparison.OrdinalIgnoreCase) ? long.MaxValue
            : long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null);

    private static string Property(AnalyzerConfigOptions options, string name)
        => options.TryGetValue("build_property." + name, out string? value) ? value : "";
}
