using NetGen.Generator.Functions;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// A normalisation within samples: a team for each set of elements, which lie behind one another. With m the first mean and d = x − m
/// the variance is mean(d²) − mean(d)², and the result (d − mean(d)) / √(variance + eps): see docs/numerics.md.
/// </summary>
internal sealed class NormKernel(NormSets sets)
{
    /// <summary>Elements of a set.</summary>
    private int Count => sets.PerRow ? sets.Shape.Width : sets.Shape.Size / sets.Groups;

    /// <summary>Sets of a sample.</summary>
    public int Sets => sets.Shape.Size / Count;

    public RowTeam Team => RowTeam.For(Count);

    /// <param name="epilogue">What becomes of an element then; null for nothing.</param>
    /// <remarks>
    /// Its parameters are the input, weight and bias where there are such, the output, and how many sets there are.
    /// </remarks>
    public string Write(string name, string summary, Func<PtxWriter, PtxFloat, PtxFloat>? epilogue)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        PtxLong input = writer.Pointer("input");
        PtxLong? weight = sets.Affine == NormAffine.None ? null : writer.Pointer("weight");
        PtxLong? bias = sets.HasBias && weight is not null ? writer.Pointer("bias") : null;
        PtxLong output = writer.Pointer("output");
        RowWork work = Team.Begin(writer);
        PtxInt first = writer.Multiply(work.Row, PtxWriter.Number(Count), "first"), count = PtxWriter.Number(Count);
        PtxFloat size = PtxWriter.Number((float)Count), mean = PtxWriter.Number(0f), left = mean, variance;
        PtxFloat X(PtxInt at) => writer.Element(input, at, "x");
        if (sets.Centred)
        {
            mean = writer.Divide(work.Sum(count, Count, place => X(writer.Add(first, place, "at"))), size, "mean");
            PtxFloat[] sums = work.Sums(count, Count, 2, place =>
            {
                PtxFloat difference = writer.Subtract(X(writer.Add(first, place, "at")), mean, "difference");
                return [difference, writer.Multiply(difference, difference, "square")];
            });
            left = writer.Divide(sums[0], size, "left");
            variance = writer.Subtract(writer.Divide(sums[1], size, "squares"), writer.Multiply(left, left, "ofLeft"), "variance");
        }
        else
        {
            variance = writer.Divide(work.Sum(count, Count, place =>
            {
                PtxFloat x = X(writer.Add(first, place, "at"));
                return writer.Multiply(x, x, "square");
            }), size, "squares");
        }
        PtxFloat root = writer.SquareRoot(writer.Add(variance, PtxWriter.Number(sets.Eps), "sum"), "root");
        PtxFloat inverse = writer.Divide(PtxWriter.Number(1f), root, "inverse");
        PtxInt set = Sets == 1 ? PtxWriter.Number(0) : writer.Divide(work.Row, Sets, "sample", "set").Remainder;
        work.ForEach(count, place =>
        {
            PtxInt at = writer.Add(first, place, "at");
            PtxFloat y = X(at);
            if (sets.Centred)
                y = writer.Subtract(writer.Subtract(y, mean, "difference"), left, "centred");
            y = writer.Multiply(y, inverse, "normal");
            if (weight is not null)
            {
                PtxInt own = Affine(writer, set, place);
                PtxFloat factor = writer.Element(weight, own, "ofWeight");
                y = bias is null ? writer.Multiply(y, factor, "y")
                    : writer.MultiplyAdd(y, factor, writer.Element(bias, own, "ofBias"), "y");
            }
            writer.Store(writer.ElementAddress(output, at, "to"), epilogue?.Invoke(writer, y) ?? y);
        });
        return writer.Render();
    }

    /// <summary>Where an element's weight is.</summary>
    private PtxInt Affine(PtxWriter writer, PtxInt set, PtxInt place)
    {
        int pixels = sets.Shape.Size / sets.Shape.Channels, width = sets.Shape.Width;
        PtxInt InSample() => Sets == 1 ? place : writer.MultiplyAdd(set, PtxWriter.Number(Count), place, "inSample");
        PtxInt Rest(int of) => of == 1 ? PtxWriter.Number(0) : writer.Divide(InSample(), of, "whole", "restOf").Remainder;
        return sets.Affine switch
        {
            NormAffine.Element => InSample(),
            NormAffine.Channel => pixels == 1 ? InSample() : writer.Divide(InSample(), pixels, "ofChannel", "pixel").Quotient,
            NormAffine.Plane => Rest(pixels),
            _ => Rest(width),
        };
    }
}
