using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers.Losses;

/// <summary>A parameter of <c>Step</c> and <c>Backward</c>.</summary>
/// <param name="Documentation">Text of the parameter's XML documentation.</param>
internal abstract record TargetParameter(string Name, string Documentation);

/// <summary>As many numbers as the network has outputs.</summary>
internal sealed record ValueTarget(string Name, string Documentation) : TargetParameter(Name, Documentation)
{
    /// <param name="meaning">E.g. <c>what the output should be</c>.</param>
    public static ValueTarget For(TensorShape output, string meaning)
        => new("target", output.HasLengths
            ? $"{Invariant.Text(output.Width)} values for each position of the n samples, {meaning}."
            : $"n × {Invariant.Text(output.Size)} values, {meaning}.");
}

/// <summary>The index of a class for each sample, or for each position.</summary>
/// <param name="Weight">Of the classes; empty for none.</param>
/// <param name="IgnoreIndex">A label that counts for nothing.</param>
internal sealed record ClassTarget(string Name, string Documentation, EquatableArray<float> Weight, int IgnoreIndex)
    : TargetParameter(Name, Documentation)
{
    /// <summary>Positions of a sample, each of which has a label, or the most of them; null for one label a sample.</summary>
    public int? Positions { get; init; }

    /// <summary>Classes of a position; null for as many as the output has values.</summary>
    public int? Classes { get; init; }
}

/// <summary>1 or −1 for each sample.</summary>
internal sealed record PairTarget(string Name, string Documentation) : TargetParameter(Name, Documentation);
