using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Blocks that all read what arrives, and a layer of several operands that joins their results.</summary>
/// <param name="Operation">What joins them.</param>
/// <param name="Limit">How many blocks its attribute takes.</param>
internal sealed record Branches(Operation Operation, int Limit) : BlockLayer, ILayer
{
    public static IReadOnlyList<string> Kinds => ["add[", "sub[", "mul[", "div[", "maximum[", "minimum[", "concat[", "matmul["];

    public static int Frequency => 8;

    public override string Stem => Operation.Stem;

    public override string Kind => Stem + "[";

    public override IEnumerable<string> Options => Operation.Options;

    public override IReadOnlyList<string> ScopeNames =>
        [.. Enumerable.Range(1, Limit).Select(number => FormattableString.Invariant($"branch{number}"))];

    public override Operation Join => Operation;

    public static Layer Read(Word word, Shape input) => word.Kind switch
    {
        "add[" => new Branches(new Add([], null), 4),
        "sub[" => new Branches(new Sub([], null), 2),
        "mul[" => new Branches(new Mul([], null), 4),
        "div[" => new Branches(new Div([], null), 2),
        "maximum[" => new Branches(new Maximum([], null), 4),
        "minimum[" => new Branches(new Minimum([], null), 4),
        "matmul[" => new Branches(new MatMul([], word.Has(MatMul.FirstFlag), word.Has(MatMul.SecondFlag)), 2),
        _ => new Branches(new Concat([], Concat.DimOf(word)), 6),
    };

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs) => Operation.Declare(attribute, inputs);

    public static Gen<string>? Draw(Place place) => place.Depth >= 2 ? null : Gen.Frequency((9, Joined(place)), (1, Multiplied(place)));

    private static Gen<string> Joined(Place place) =>
        from kind in Gen.Elements<string>([.. Kinds.Where(kind => kind != "matmul["), "mul[", "concat[", "concat["])
        from words in kind switch
        {
            "concat[" => from first in Keeping(place, place.Shape.Channels)
                         from others in Several(from channels in Place.Channels from words in Keeping(place, channels) select words)
                         select $"{first} | {others}",
            "sub[" => Operand(place, "", ""),
            "div[" => Operand(place, "", " softplus addc:0.5"),
            _ => Operand(place, " | ", ""),
        }
        select $"{kind} {words} ]";

    /// <summary>
    /// The product of two vectors, or of two matrices of which one is transposed. Images have as many channels in both: each is a matrix.
    /// </summary>
    private static Gen<string> Multiplied(Place place)
    {
        Shape x = place.Shape;
        if (x.IsVector)
        {
            return from first in Keeping(place, x.Features)
                   from second in Keeping(place, x.Features)
                   select $"matmul[ {first} tanh | {second} ]";
        }
        int rows = x.Dimensions[^2], columns = x.Dimensions[^1];
        bool secondFits = !x.IsImage || MatMul.IsSmall(rows * rows, rows * columns), firstFits = MatMul.IsSmall(columns * columns, rows * columns);
        string[] flags = [.. firstFits ? [MatMul.FirstFlag] : Array.Empty<string>(), .. secondFits ? [MatMul.SecondFlag] : Array.Empty<string>()];
        return from flag in Gen.Elements<string>(flags)
               from channels in Place.Channels
               from others in x.IsImage || flag == MatMul.FirstFlag ? Gen.Constant(channels) : Place.Channels
               from first in Keeping(place, channels)
               from second in Keeping(place, others)
               select $"matmul[:{flag} {first} tanh | {second} ]";
    }

    /// <summary>Two operands that broadcast to each other; more of them behind a separator, where there is one.</summary>
    /// <param name="behind">Words at the end of the last.</param>
    private static Gen<string> Operand(Place place, string separator, string behind) =>
        from first in Small(place)
        from second in Small(place)
        from more in Small(place)
        from form in Gen.Choose(0, 4)
        select form switch
        {
            0 => $"identity | {second}{behind}",
            1 => $"{first} | identity{behind}",
            2 when separator.Length > 0 => $"{first} | identity{separator}{more}{behind}",
            _ => $"{first} | {second}{behind}",
        };

    /// <summary>What keeps the shape, or has an extent of 1 where it had more: it can be broadcast to all others.</summary>
    private static Gen<string> Small(Place place)
    {
        Shape x = place.Shape;
        if (x.IsVector)
        {
            return Gen.OneOf(Keeping(place, x.Features), Gen.Elements("linear:1", "linear:1 sigmoid"));
        }
        string back = FormattableString.Invariant($"conv:{x.Channels},k1");
        string[] small = ["aavg:1", "amax:1", "conv:1,k1 sigmoid", $"aavg:1 {back} sigmoid", "aavg:1 conv:1,k1"];
        string[] rows = x.IsImage ? ["aavg:1x_", "aavg:_x1", $"amax:1x_ {back} tanh"] : [];
        return Gen.Frequency((2, Keeping(place, x.Channels)), (3, Gen.Elements<string>([.. small, .. rows])));
    }

    /// <summary>What gives so many channels or features in the same extent.</summary>
    private static Gen<string> Keeping(Place place, int channels)
    {
        Shape x = place.Shape;
        string[] forms = x.IsVector
            ? ["linear:{0}", "linear:{0} {1}", "{1} linear:{0},nobias"]
            : ["conv:{0},k1", "conv:{0},k3,p1 {1}", "conv:{0},k3,p1,nobias bn {1}", "max:k3,s1,p1 conv:{0},k1", "{1} conv:{0},k5,p2"];
        return from form in Gen.Elements<string>([.. forms, .. channels == x.Channels ? Same(place) : []])
               from activation in place.Activation
               select string.Format(CultureInfo.InvariantCulture, form, channels, activation);
    }

    /// <summary>What ends in the shape that arrives, and may therefore read it once more, or another value of that shape.</summary>
    private static string[] Same(Place place)
    {
        Shape x = place.Shape;
        string matrix = FormattableString.Invariant(x.IsVector ? $"linear:{x.Features}" : (FormattableString)$"conv:{x.Channels},k3,p1");
        IEnumerable<string> around = Operands.Fitting(place, shape => shape == x).Where(name => name != Input.DefaultName);
        string[] plain = ["identity", "{1}", $"{matrix} add:input", $"{matrix} {{1}} mul:input", $"{matrix} {{1}} from:input"];
        return [.. plain, .. x.IsVector ? [] : new[] { "avg:k3,s1,p1" }, .. around.Select(name => $"{matrix} {{1}} add:{name}")];
    }

    /// <summary>One to three blocks.</summary>
    private static Gen<string> Several(Gen<string> words) =>
        from count in Gen.Choose(1, 3)
        from blocks in words.ListOf(count)
        select string.Join(" | ", blocks);
}
