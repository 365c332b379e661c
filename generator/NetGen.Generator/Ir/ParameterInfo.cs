using NetGen.Generator.Text;

namespace NetGen.Generator.Ir;

/// <summary>The start of a table whose rows are looked up: PyTorch's default draws from N(0, 1).</summary>
/// <param name="PaddingRow">The row that stands for nothing and starts as zeros; null where none does.</param>
internal sealed record TableStart(int? PaddingRow);

/// <summary>The start of a weight that PyTorch's default draws otherwise than a linear layer's.</summary>
/// <param name="IsXavier">The default draws it from ±√(6 / (fan in + fan out)), as <c>xavier_uniform_</c>.</param>
/// <param name="Gain">What some of its rows are multiplied by, whatever has drawn them.</param>
/// <param name="GainFrom">The first of these rows.</param>
internal sealed record WeightStart(bool IsXavier, float Gain = 1, int GainFrom = 0);

/// <summary>A tensor of a layer, as files have it.</summary>
/// <param name="Path">Name in files, e.g. <c>conv1.weight</c>.</param>
/// <param name="Shape">PyTorch's shape, e.g. [64, 32, 5, 5].</param>
internal sealed class ParameterInfo(string path, IReadOnlyList<int> shape, ParameterRole role, int fanIn, int fanOut,
    float? initialValue = null, bool isFrozen = false, bool isFrozenHere = false)
{
    public string Path { get; } = path;

    public IReadOnlyList<int> Shape { get; } = shape;

    public ParameterRole Role { get; } = role;

    /// <summary>The property that shows it, e.g. <c>Weight</c>, <c>RunningMean</c>.</summary>
    public string PropertyName => Identifiers.ToPascalCase(OwnName ?? Path.Substring(Path.LastIndexOf('.') + 1));

    /// <summary>The layer's own name for it where that has dots, with low lines in their place.</summary>
    public string? OwnName { get; init; }

    /// <summary>How it starts where that is not what its kind starts from; null for all others.</summary>
    public WeightStart? Start { get; init; }

    public int FanIn { get; } = fanIn;

    public int FanOut { get; } = fanOut;

    /// <summary>What every element starts from; null where the network's initialisation draws it.</summary>
    public float? InitialValue { get; } = initialValue;

    /// <summary>How it starts where it is a table whose rows are looked up; null for all others.</summary>
    public TableStart? Table { get; init; }

    /// <summary>Its layer is declared to be frozen: nothing of training changes it.</summary>
    public bool IsFrozen { get; } = isFrozen;

    /// <summary>The network that declares its layer freezes it, whatever another does that has that network as a part.</summary>
    public bool IsFrozenHere { get; } = isFrozenHere;

    /// <summary>It is of a kind that optimisers work on, where it is not frozen.</summary>
    public bool IsWeightOrBias => Role is ParameterRole.Weight or ParameterRole.Bias;

    /// <summary>It has a gradient, and optimisers work on it.</summary>
    public bool IsLearned => IsWeightOrBias && !IsFrozen;

    /// <summary>It counts batches, in a 64-bit integer.</summary>
    public bool IsCounter => Role == ParameterRole.Counter;

    public int Length { get; } = shape.Aggregate(1, (product, dimension) => product * dimension);

    /// <summary>What the target knows of the tensor, e.g. its place in memory; see the target's folder.</summary>
    public object? Target { get; set; }
}
