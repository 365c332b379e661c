using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Dimensions merged into one; 0 is the batch, negative ones count from the end.</summary>
internal sealed record Flatten(int StartDim, int EndDim) : SameElements, ILayer
{
    public static IReadOnlyList<string> Kinds => ["flatten"];

    public static int Frequency => 4;

    public override string Stem => "flatten";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => IsWhole ? [] : [AttributeWriter.Code(StartDim), AttributeWriter.Code(EndDim)];

    private bool IsWhole => StartDim == 1 && EndDim == -1;

    public static Layer Read(Word word, Shape input) =>
        word.Options.Count == 0 ? new Flatten(1, -1) : new Flatten(Word.Signed(word.Option(0)), Word.Signed(word.Option(1)));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (!IsWhole)
        {
            attribute.Argument(StartDim);
            attribute.Argument(EndDim);
        }
        return "Flatten";
    }

    public override Shape Infer(Shape input)
    {
        int start = StartDim < 0 ? StartDim + input.Rank : StartDim - 1, end = EndDim < 0 ? EndDim + input.Rank : EndDim - 1;
        int[] all = [.. input.Dimensions];
        return new Shape([.. all[..start], all[start..(end + 1)].Aggregate(1, (a, b) => a * b), .. all[(end + 1)..]]);
    }

    /// <summary>All dimensions into one, or some of them.</summary>
    public static Gen<string>? Draw(Place place) => place.Shape.IsVector ? null : place.Shape.IsImage
        ? Gen.Elements("flatten", "flatten", "flatten:2,-1", "flatten:1,2", "flatten:-3,-1")
        : Gen.Elements("flatten", "flatten:1,2", "flatten:-2,-1");
}
