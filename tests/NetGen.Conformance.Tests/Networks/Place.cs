using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Layers;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>Where a random network draws its next word.</summary>
/// <param name="Shape">What arrives there.</param>
/// <param name="Depth">Number of blocks around it.</param>
/// <param name="Named">The values that may be named there.</param>
/// <param name="Grammar">What words are drawn by.</param>
internal sealed record Place(Shape Shape, int Depth, IReadOnlyList<(string Name, Shape Shape)> Named, Grammar Grammar)
{
    private const int MaximumDepth = 2;

    /// <summary>Numbers of channels and features: few, and around the lanes of a vector.</summary>
    public static Gen<int> Channels { get; } = Gen.Frequency(
        (3, Gen.Choose(1, 9)),
        (2, Gen.Elements(15, 16, 17, 31, 32, 33)),
        (1, Gen.Choose(10, 40)));

    /// <summary>At the head of a block that begins here: what arrives is the input of the block.</summary>
    public Place Inside => this with { Depth = Depth + 1, Named = Naming(Named, Input.DefaultName, Shape) };

    /// <summary>The same in a block in which no further one begins.</summary>
    public Place Deepest => Inside with { Depth = MaximumDepth };

    /// <summary>At the head of a network.</summary>
    public static Place First(Shape input, Grammar grammar) => new(input, 0, Naming([], Input.DefaultName, input), grammar);

    /// <summary>Behind words that give this shape.</summary>
    /// <param name="name">The name of what they give; null where it has none.</param>
    public Place Behind(Shape output, string? name) =>
        this with { Shape = output, Named = name is null ? Named : Naming(Named, name, output) };

    public Gen<string> Word => Grammar.Word(this);

    public Gen<string> Activation => Grammar.Activation;

    public Gen<string> Words(int length) => Grammar.Words(this, length);

    /// <summary>What the words give here.</summary>
    public Shape After(string words) => Read(words).Result.Shape;

    /// <summary>Whether layers that the words stand for here have parameters.</summary>
    public bool HasTensors(string words) => Read(words).Reader.Operations.Any(node =>
        ((Operation)node.Layer).Tensors(node.InputShapes).Any());

    private (NetworkReader Reader, Value Result) Read(string words)
    {
        var reader = new NetworkReader(new Queue<string>(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        foreach ((string name, Shape shape) in Named)
            reader.AddOutside(new Input(shape), name);
        return (reader, reader.ReadScope("", new Value(Shape)).Result);
    }

    private static IReadOnlyList<(string Name, Shape Shape)> Naming(
        IReadOnlyList<(string Name, Shape Shape)> named, string name, Shape shape) =>
        [.. named.Where(value => value.Name != name), (name, shape)];
}
