using System.Globalization;
using Microsoft.CodeAnalysis.Diagnostics;
using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Emit;

/// <summary>What a project's properties say about the code to write.</summary>
/// <param name="PrintGraph"><c>NetGenPrintGraph</c>: a file of comments with the graphs after each pass.</param>
/// <param name="DivideFrom">
/// <c>NetGenDivideFrom</c>: multiply-adds of a sample from which threads share the work of a single one; <c>never</c> is the largest
/// number.
/// </param>
internal sealed record EmitOptions(bool PrintGraph = false, long? DivideFrom = null)
{
    /// <summary><c>NetGenVectorWidths</c>: the vector widths, in bits, that kernels are written for; empty for all.</summary>
    public EquatableArray<int> VectorWidths { get; init; } = EquatableArray<int>.Empty;

    /// <summary><c>NetGenTargets</c> names <c>cuda</c>: kernels for NVIDIA GPUs too.</summary>
    public bool HasCuda { get; init; }

    /// <summary>What <c>NetGenCudaPrecisions</c> names, in lower case.</summary>
    public EquatableArray<string> CudaPrecisionNames { get; init; } = EquatableArray<string>.Empty;

    /// <summary>The precisions beside <see cref="ProductPrecision.Float32"/> that kernels for GPUs are written for.</summary>
    public IReadOnlyList<ProductPrecision> CudaPrecisions => [.. ProductPrecisions.Reduced
        .Where(precision => CudaPrecisionNames.Contains(precision.ToString().ToLowerInvariant()))];

    /// <summary>Values that make no sense are refused by the package's targets; here they count as not given.</summary>
    public static EmitOptions Read(AnalyzerConfigOptions options)
    {
        string divideFrom = Property(options, "NetGenDivideFrom");
        return new EmitOptions(
            Property(options, "NetGenPrintGraph").Equals("true", StringComparison.OrdinalIgnoreCase),
            divideFrom.Equals("never", StringComparison.OrdinalIgnoreCase) ? long.MaxValue : Number(divideFrom))
        {
            // The targets write commas: what is behind a semicolon is a comment to the file by which properties come here.
            VectorWidths = Property(options, "_NetGenVectorWidths").Split(',').Select(width => Number(width.Trim()))
                .Where(width => width is 128 or 256 or 512).Select(width => (int)width!.Value).Distinct().ToEquatableArray(),
            HasCuda = Property(options, "_NetGenTargets").Split(',').Contains("cuda"),
            CudaPrecisionNames = Property(options, "_NetGenCudaPrecisions").Split(',').Where(name => name.Length > 0).ToEquatableArray(),
        };
    }

    private static long? Number(string text)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static string Property(AnalyzerConfigOptions options, string name)
        => options.TryGetValue("build_property." + name, out string? value) ? value : "";
}
