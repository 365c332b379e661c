using System.Globalization;

namespace NetGen;

/// <summary>What a network is given, what it gives, and what that is compared with.</summary>
/// <param name="inputs">The inputs, at least one.</param>
/// <param name="outputs">The outputs, at least one.</param>
/// <param name="targets">What <c>Step</c> takes besides the inputs.</param>
public sealed class NetworkPorts(
    IReadOnlyList<NetworkPort> inputs, IReadOnlyList<NetworkPort> outputs, IReadOnlyList<NetworkTarget> targets)
{
    /// <summary>The inputs, in the order of the declaration.</summary>
    public IReadOnlyList<NetworkPort> Inputs { get; } = [.. inputs ?? throw new ArgumentNullException(nameof(inputs))];

    /// <summary>The outputs, in the order of the declaration.</summary>
    public IReadOnlyList<NetworkPort> Outputs { get; } = [.. outputs ?? throw new ArgumentNullException(nameof(outputs))];

    /// <summary>What a batch is compared with, in the order in which <c>Step</c> takes it; empty without a loss that has targets.</summary>
    public IReadOnlyList<NetworkTarget> Targets { get; } = [.. targets ?? throw new ArgumentNullException(nameof(targets))];

    /// <summary>The only input.</summary>
    /// <exception cref="InvalidOperationException">There are several.</exception>
    internal NetworkPort Input => Inputs.Count == 1 ? Inputs[0] : throw Several();

    /// <summary>The only output.</summary>
    /// <exception cref="InvalidOperationException">There are several.</exception>
    internal NetworkPort Output => Outputs.Count == 1 ? Outputs[0] : throw Several();

    /// <summary>The error of a call that is for one input and one output.</summary>
    internal InvalidOperationException Several() => OtherCall("one of each");

    /// <summary>The error of a call for one input of floats, or of ints, and one output.</summary>
    internal InvalidOperationException OtherThan(Type elements) => Inputs.Count > 1 || Outputs.Count > 1
        ? Several() : OtherCall($"an input of {(elements == typeof(int) ? "ints" : "floats")}");

    private InvalidOperationException OtherCall(string what) => new(
        $"The network has {Count(Inputs, "input")} and {Count(Outputs, "output")}; this call is for {what}. Take the calls of the "
        + $"network's own class, or those of a {nameof(Batch)}, and the sizes from {nameof(NetworkPorts)}.");

    private static string Count(IReadOnlyList<NetworkPort> ports, string what)
        => string.Create(CultureInfo.InvariantCulture, $"{ports.Count} {what}{(ports.Count == 1 ? "" : "s")}, {string.Join(", ", ports)},");
}

/// <summary>One input or output of a network.</summary>
/// <param name="name">Its name.</param>
/// <param name="shape">Dimensions of one sample; none for a single value.</param>
public sealed class NetworkPort(string name, params int[] shape)
{
    /// <summary>Its name in the declaration; <c>input</c> and <c>output</c> where the declaration says none.</summary>
    public string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

    /// <summary>Dimensions of one sample.</summary>
    public IReadOnlyList<int> Shape { get; } = Array.AsReadOnly((int[])shape.Clone());

    /// <summary>Values of one sample.</summary>
    public int Size { get; } = shape.Aggregate(1, (size, extent) => checked(size * extent));

    /// <summary>The type of its values: <c>float</c>, or <c>int</c> for an input that is declared so. Outputs are floats.</summary>
    public Type ElementType { get; init; } = typeof(float);

    /// <summary>
    /// The input that says how many positions each sample has, the first of <see cref="Shape"/> at most: a sample has no values for others.
    /// Null where all samples have the shape.
    /// </summary>
    public string? Lengths { get; init; }

    /// <summary>
    /// Rows of the smallest table that its ints are looked up in, so that they are from 0 to one less; null where none is.
    /// </summary>
    public int? Rows { get; init; }

    /// <summary>Its values are ints, which batches give by <see cref="Batch.GetIntInput"/>.</summary>
    internal bool IsInts => ElementType == typeof(int);

    /// <summary>Name and shape, and the type of the values unless they are floats.</summary>
    public override string ToString()
        => $"{Name} {(IsInts ? "of ints " : "")}({(Lengths is null ? "" : "up to ")}{string.Join(", ", Shape.Select(extent => extent.ToString(CultureInfo.InvariantCulture)))})";
}

/// <summary>One of the spans that <c>Step</c> takes besides the inputs.</summary>
/// <param name="Name">The parameter's name, e.g. <c>target</c> or <c>boxTarget</c>.</param>
/// <param name="Output">The output that is compared with it.</param>
/// <param name="Labels">How many class indices it has for each sample; 0 where it cannot be class indices.</param>
/// <param name="Values">How many numbers it has for each sample; 0 where it cannot be numbers.</param>
public sealed record NetworkTarget(string Name, string Output, int Labels, int Values)
{
    /// <summary>
    /// The input that says how many positions each sample has, where <see cref="Labels"/> and <see cref="Values"/> are of a position; null
    /// where they are of a sample.
    /// </summary>
    public string? Lengths { get; init; }

    /// <summary>Classes, where it is class indices from 0 to one less; null where it is none, or has no certain number.</summary>
    public int? Classes { get; init; }

    /// <summary>The label of what counts for nothing, which may be no class; PyTorch's −100 by default.</summary>
    public int IgnoreIndex { get; init; } = -100;
}
