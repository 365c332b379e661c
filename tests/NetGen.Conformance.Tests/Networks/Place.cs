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

    /// <summary>The same place in a block.</summary>
    public Place Inside => this with { Depth = Depth + 1 };

    /// <summary>The same place, where no further block begins.</summary>
    public Place Deepest => this with { Depth = MaximumDepth };

    public Gen<string> Word => Grammar.Word(this);

    public Gen<string> Activation => Grammar.Activation;

    public Gen<string> Words(int length) => Grammar.Words(this, length);

    /// <summary>What the words give here.</summary>
    public Shape After(string words)
    {
        var reader = new NetworkReader(new Queue<string>(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        foreach ((string name, Shape shape) in Named)
            reader.AddOutside(new Input(shape), name);
        return reader.ReadScope("", new Value(Shape)).Result.Shape;
    }
}
