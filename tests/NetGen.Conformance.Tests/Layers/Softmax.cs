using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Softmax over the features of a vector, or of a sequence over the positions: <c>softmax</c>, <c>softmax:1</c>.</summary>
internal sealed record Softmax(int? Dim) : UnaryOperation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["softmax"];

    public override string Stem => "softmax";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => Dim is { } dim ? [AttributeWriter.Code(dim)] : [];

    public static Layer Read(Word word, Shape input) => new Softmax(word.Options.Count > 0 ? Word.Signed(word.Option(0)) : null);

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (Dim is { } dim)
            attribute.Property("Dim", dim);
        return "Softmax";
    }

    public override Shape Infer(Shape input) => input;

    protected override Estimate Forward(LayerRun run, Estimate x, int sample)
        => AtEachFeature(run.Input, x, x, (part, _) => SoftmaxFunction.Apply(part));

    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample)
        => AtEachFeature(run.Input, y, dy, SoftmaxFunction.Gradient);

    /// <summary>A function of two vectors, or of all positions of two sequences.</summary>
    private static Estimate AtEachFeature(Shape shape, Estimate first, Estimate second, Func<Estimate, Estimate, Estimate> function)
    {
        int features = shape.IsVector ? 1 : shape.Width;
        var result = new Estimate(first.Length);
        for (int feature = 0; feature < features; feature++)
        {
            int[] places = [.. Enumerable.Range(0, first.Length / features).Select(position => position * features + feature)];
            Estimate part = function(Part(first, places), Part(second, places));
            for (int i = 0; i < places.Length; i++)
                (result.Values[places[i]], result.Errors[places[i]]) = (part.Values[i], part.Errors[i]);
        }
        return result;
    }

    private static Estimate Part(Estimate whole, int[] places)
        => new([.. places.Select(place => whole.Values[place])], [.. places.Select(place => whole.Errors[place])]);

    public static IReadOnlyList<string> Rows =>
    [
        "in:9x5 softmax:1 linear:3 mse", "in:40x20 linear:16 softmax:1 mse", "in:17 linear:9 softmax:1 mse",
        "in@x:9x5 linear@v:20 from:x linear:20 softmax:-2 mul:v sum:1 linear:2 ce", "in:1x20 softmax:1 mse", "in@t:12,int emb:9,7 lstm:9 softmax:1 mse",
    ];

    public static Gen<string>? Draw(Place place) => place.Shape.IsVector ? Gen.Constant("softmax") : null;
}
