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

    /// <summary>Numbers that are kept of a set: its mean, what rounding has left of that, and 1 / √(variance + eps).</summary>
    public const int Kept = 3;

    /// <param name="epilogue">What becomes of an element then; null for nothing.</param>
    /// <param name="keeps">The numbers of each set are kept for the backward pass.</param>
    /// <remarks>
    /// Its parameters are the input, weight and bias where there are such, the numbers that are kept, the output, and how many sets there
    /// are.
    /// </remarks>
    public string Write(string name, string summary, Func<PtxWriter, PtxFloat, PtxFloat>? epilogue, bool keeps)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        PtxLong input = writer.Pointer("input");
        PtxLong? weight = sets.Affine == NormAffine.None ? null : writer.Pointer("weight");
        PtxLong? bias = sets.HasBias && weight is not null ? writer.Pointer("bias") : null;
        PtxLong? kept = keeps ? writer.Pointer("kept") : null;
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
        if (kept is not null)
        {
            work.IfFirst(() =>
            {
                PtxFloat[] numbers = [mean, left, inverse];
                for (int i = 0; i < Kept; i++)
                    writer.Store(KeptAddress(writer, kept, work.Row, i), numbers[i]);
            });
        }
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

    /// <summary>
    /// What flows back: with g = dy · weight and n the normalised x, (g − mean(g) − n mean(g n)) / √(variance + eps), without the mean
    /// where none is taken off.
    /// </summary>
    /// <remarks>
    /// Its parameters are the output's gradient, the input, what was kept, the weight where there is one, the result, and how many sets
    /// there are.
    /// </remarks>
    public string WriteGradient(string name, string summary)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        PtxLong gradient = writer.Pointer("gradient"), input = writer.Pointer("input"), kept = writer.Pointer("kept");
        PtxLong? weight = sets.Affine == NormAffine.None ? null : writer.Pointer("weight");
        PtxLong output = writer.Pointer("output");
        RowWork work = Team.Begin(writer);
        PtxInt first = writer.Multiply(work.Row, PtxWriter.Number(Count), "first"), count = PtxWriter.Number(Count);
        PtxFloat size = PtxWriter.Number((float)Count);
        (PtxFloat mean, PtxFloat left, PtxFloat inverse) = Numbers(writer, kept, work.Row);
        PtxInt set = Sets == 1 ? PtxWriter.Number(0) : writer.Divide(work.Row, Sets, "sample", "set").Remainder;
        (PtxFloat Flow, PtxFloat Normal) Of(PtxInt place, PtxInt at)
        {
            PtxFloat dy = writer.Element(gradient, at, "dy");
            if (weight is not null)
                dy = writer.Multiply(dy, writer.Element(weight, Affine(writer, set, place), "ofWeight"), "weighted");
            return (dy, Normal(writer, writer.Element(input, at, "x"), mean, left, inverse));
        }
        PtxFloat[] sums = work.Sums(count, Count, 2, place =>
        {
            (PtxFloat flow, PtxFloat normal) = Of(place, writer.Add(first, place, "at"));
            return [flow, writer.Multiply(flow, normal, "product")];
        });
        PtxFloat ofFlow = writer.Divide(sums[0], size, "ofFlow"), ofProducts = writer.Divide(sums[1], size, "ofProducts");
        work.ForEach(count, place =>
        {
            PtxInt at = writer.Add(first, place, "at");
            (PtxFloat flow, PtxFloat normal) = Of(place, at);
            PtxFloat rest = sets.Centred ? writer.Subtract(flow, ofFlow, "centredFlow") : flow;
            rest = writer.Subtract(rest, writer.Multiply(normal, ofProducts, "along"), "rest");
            writer.Store(writer.ElementAddress(output, at, "to"), writer.Multiply(rest, inverse, "dx"));
        });
        return writer.Render();
    }

    /// <summary>An element as it was normalised.</summary>
    public PtxFloat Normal(PtxWriter writer, PtxFloat x, PtxFloat mean, PtxFloat left, PtxFloat inverse)
    {
        PtxFloat centred = sets.Centred
            ? writer.Subtract(writer.Subtract(x, mean, "difference"), left, "centred") : x;
        return writer.Multiply(centred, inverse, "normal");
    }

    /// <summary>What was kept of a set.</summary>
    public static (PtxFloat Mean, PtxFloat Left, PtxFloat Inverse) Numbers(PtxWriter writer, PtxLong kept, PtxInt set)
    {
        PtxFloat Number(int number, string stem) => writer.Load(KeptAddress(writer, kept, set, number), stem);
        return (Number(0, "mean"), Number(1, "left"), Number(2, "inverse"));
    }

    /// <summary>The set of an element of all samples.</summary>
    public PtxInt SetOf(PtxWriter writer, PtxInt element) => writer.Divide(element, Count, "setOf", "inSet").Quotient;

    private static PtxLong KeptAddress(PtxWriter writer, PtxLong kept, PtxInt set, int number)
        => writer.ElementAddress(kept, writer.MultiplyAdd(set, PtxWriter.Number(Kept), PtxWriter.Number(number), "keptPlace"), "keptAt");

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
