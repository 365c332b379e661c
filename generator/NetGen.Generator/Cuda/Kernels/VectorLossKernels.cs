using NetGen.Generator.Specs;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// The cosine of the angle between two vectors, and its slope: a team for each pair. With s = x · x + ε and likewise for t: loss 1 − cos
/// for the label 1, max(0, cos − margin) for −1; what flows back is slope · (t / √(s sₜ) − cos · x / s).
/// </summary>
/// <param name="features">Of a vector.</param>
/// <param name="isOfTwo">Both vectors are outputs, and have gradients.</param>
internal sealed class CosineLossKernel(int features, double margin, bool isOfTwo)
{
    public RowTeam Team { get; } = RowTeam.For(features);

    /// <remarks>
    /// Its parameters are both vectors, the labels, one gradient or two, the losses, the scale, and how many pairs there are.
    /// </remarks>
    public string Write(string name, string summary)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        PtxLong first = writer.Pointer("output"), second = writer.Pointer("target"), labels = writer.Pointer("labels");
        PtxLong gradient = writer.Pointer("gradient");
        PtxLong? secondGradient = isOfTwo ? writer.Pointer("targetGradient") : null;
        PtxLong losses = writer.Pointer("losses"), scaleAt = writer.Pointer("scale");
        RowWork work = Team.Begin(writer);
        PtxDouble scale = writer.Widen(writer.Load(scaleAt, "factor"), "scale");
        PtxInt start = writer.Multiply(work.Row, PtxWriter.Number(features), "start");
        (PtxFloat products, PtxFloat squares, PtxFloat others) = CosineKernel.Sums(writer, work, start, first, second, features);
        PtxDouble WithEps(PtxFloat sum) => writer.Add(writer.Widen(sum, "wide"), PtxWriter.Number(1e-12), "squares");
        PtxDouble own = WithEps(squares), other = WithEps(others);
        PtxDouble norms = writer.SquareRoot(writer.Multiply(own, other, "product"), "norms");
        PtxDouble cosine = writer.Divide(writer.Widen(products, "wide"), norms, "cosine");
        PtxDouble excess = writer.Subtract(cosine, PtxWriter.Number((double)(float)margin), "excess"), zero = PtxWriter.Number(0d);
        PtxInt label = writer.LoadInt(writer.ElementAddress(labels, work.Row, "labelAt"), "label");
        PtxPredicate isAlike = writer.Compare("gt", label, PtxWriter.Number(0), "isAlike"),
            isCut = writer.Compare("lt", excess, zero, "isCut");
        PtxDouble loss = writer.Select(isAlike, writer.Subtract(PtxWriter.Number(1d), cosine, "distance"),
            writer.Select(isCut, zero, excess, "beyond"), "loss");
        PtxDouble slope = writer.Select(isAlike, PtxWriter.Number(-1d),
            writer.Select(isCut, zero, PtxWriter.Number(1d), "slopeOfOther"), "slope");
        slope = writer.Multiply(slope, scale, "scaled");
        PtxFloat across = writer.Narrow(writer.Divide(slope, norms, "across"), "acrossFactor");
        PtxDouble along = writer.Negate(writer.Multiply(slope, cosine, "ofCosine"), "along");
        PtxFloat ofOwn = writer.Narrow(writer.Divide(along, own, "ofOwn"), "ownFactor"),
            ofOther = writer.Narrow(writer.Divide(along, other, "ofOther"), "otherFactor");
        work.ForEach(PtxWriter.Number(features), place =>
        {
            PtxInt at = writer.Add(start, place, "at");
            PtxFloat x = writer.Element(first, at, "x"), t = writer.Element(second, at, "t");
            void Store(PtxLong to, PtxFloat crossed, PtxFloat kept, PtxFloat factor) => writer.Store(writer.ElementAddress(to, at, "to"),
                writer.MultiplyAdd(crossed, across, writer.Multiply(kept, factor, "kept"), "flow"));
            Store(gradient, t, x, ofOwn);
            if (secondGradient is not null)
                Store(secondGradient, x, t, ofOther);
        });
        work.IfFirst(() => writer.Store(writer.DoubleAddress(losses, work.Row, "lossAt"), loss));
        return writer.Render();
    }
}

/// <summary>
/// max(0, d(anchor, positive) − d(anchor, negative) + margin), d(x, y) = ‖x − y + eps‖, and its slopes: a team for each triplet.
/// </summary>
internal sealed class TripletLossKernel(TripletMarginLossSpec spec, int features)
{
    /// <summary>Which two of anchor, positive and negative each distance is between; the last where the negative may be swapped.</summary>
    private readonly (int From, int To)[] _distances = spec.Swap ? [(0, 1), (0, 2), (1, 2)] : [(0, 1), (0, 2)];

    public RowTeam Team { get; } = RowTeam.For(features);

    private bool IsLargest => double.IsPositiveInfinity(spec.P);

    /// <remarks>
    /// Its parameters are anchor, positive and negative, their gradients, the losses, the scale, and how many triplets there are.
    /// </remarks>
    public string Write(string name, string summary)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        PtxLong[] vectors = [writer.Pointer("anchor"), writer.Pointer("positive"), writer.Pointer("negative")];
        PtxLong[] gradients = [writer.Pointer("anchorGradient"), writer.Pointer("positiveGradient"), writer.Pointer("negativeGradient")];
        PtxLong losses = writer.Pointer("losses"), scaleAt = writer.Pointer("scale");
        RowWork work = Team.Begin(writer);
        PtxFloat scale = writer.Load(scaleAt, "factor");
        PtxInt start = writer.Multiply(work.Row, PtxWriter.Number(features), "start"), count = PtxWriter.Number(features);
        PtxFloat[] Steps(PtxInt place)
        {
            PtxInt at = writer.Add(start, place, "at");
            PtxFloat[] x = [.. vectors.Select(vector => writer.Element(vector, at, "x"))];
            return [.. _distances.Select(distance =>
            {
                PtxFloat step = writer.Subtract(x[distance.From], x[distance.To], "step");
                return spec.Eps == 0 ? step : writer.Add(step, PtxWriter.Number((float)spec.Eps), "step");
            })];
        }

        PtxFloat[] sums = IsLargest
            ? [.. _distances.Select((_, i) => work.Extreme(count, 0, (a, b) => writer.MaximumOrNaN(a, b, "larger"),
                place => writer.Absolute(Steps(place)[i], "magnitude")))]
            : work.Sums(count, features, _distances.Length, place => [.. Steps(place).Select(step => Power(writer, step, spec.P))]);
        PtxDouble[] lengths = [.. sums.Select(sum => Norm(writer, sum))];
        PtxDouble nearest = spec.Swap ? writer.Minimum(lengths[1], lengths[2], "nearest") : lengths[1], zero = PtxWriter.Number(0d);
        PtxDouble excess = writer.Add(writer.Subtract(lengths[0], nearest, "difference"), PtxWriter.Number(spec.Margin), "excess");
        // As in PyTorch, the limit itself has the slope inside of it; and NaN stays visible.
        PtxPredicate isCut = writer.Compare("lt", excess, zero, "isCut"), hasSlope = writer.Compare("ge", excess, zero, "hasSlope");
        PtxFloat[] counts = IsLargest ? work.Sums(count, features, _distances.Length, place => [.. Steps(place).Select((step, i) =>
            writer.Select(writer.Compare("eq", writer.Absolute(step, "magnitude"), sums[i], "isLargest"), PtxWriter.Number(1f),
                PtxWriter.Number(0f), "one"))]) : [];
        PtxFloat[] parts = Parts(writer, scale, lengths);
        PtxFloat[] factors = [.. parts.Select((part, i) => Factor(writer, part, lengths[i], counts.Length > 0 ? counts[i] : null,
            hasSlope))];
        work.ForEach(count, place =>
        {
            PtxFloat[] slopes = [.. Steps(place).Select((step, i) => Slope(writer, step, factors[i], sums[i]))];
            PtxFloat[] flows =
            [
                writer.Subtract(slopes[0], slopes[1], "ofAnchor"),
                spec.Swap ? writer.Subtract(writer.Negate(slopes[0], "less"), slopes[2], "ofPositive")
                    : writer.Negate(slopes[0], "ofPositive"),
                spec.Swap ? writer.Add(slopes[1], slopes[2], "ofNegative") : slopes[1],
            ];
            PtxInt at = writer.Add(start, place, "flowAt");
            for (int i = 0; i < flows.Length; i++)
                writer.Store(writer.ElementAddress(gradients[i], at, "to"), flows[i]);
        });
        work.IfFirst(() => writer.Store(
            writer.DoubleAddress(losses, work.Row, "lossAt"), writer.Select(isCut, zero, excess, "loss")));
        return writer.Render();
    }

    /// <summary>What of the slope each distance has: equal distances to a negative share it.</summary>
    private PtxFloat[] Parts(PtxWriter writer, PtxFloat scale, PtxDouble[] lengths)
    {
        if (!spec.Swap)
            return [scale, scale];
        PtxFloat half = writer.Multiply(scale, PtxWriter.Number(0.5f), "half");
        PtxFloat share = writer.Select(writer.Compare("lt", lengths[1], lengths[2], "isNearer"), scale,
            writer.Select(writer.Compare("gt", lengths[1], lengths[2], "isFarther"), PtxWriter.Number(0f), half, "share"), "share");
        return [scale, share, writer.Subtract(scale, share, "rest")];
    }

    /// <summary>What an element's own slope is multiplied by.</summary>
    private PtxFloat Factor(PtxWriter writer, PtxFloat part, PtxDouble length, PtxFloat? equals, PtxPredicate hasSlope)
    {
        PtxFloat factor = part;
        if (IsLargest)
        {
            factor = writer.Divide(part, equals!, "factor");
        }
        else if (spec.P != 1)
        {
            PtxDouble power = spec.P == 2 ? length
                : writer.Widen(Power(writer, writer.Narrow(length, "length"), spec.P - 1), "power");
            PtxFloat quotient = writer.Narrow(writer.Divide(writer.Widen(part, "wide"), power, "quotient"), "factor");
            factor = writer.Select(writer.Compare("gt", length, PtxWriter.Number(0d), "isApart"), quotient, PtxWriter.Number(0f), "factor");
        }
        return writer.Select(hasSlope, factor, PtxWriter.Number(0f), "factor");
    }

    private PtxFloat Slope(PtxWriter writer, PtxFloat step, PtxFloat factor, PtxFloat largest)
    {
        if (spec.P == 2)
            return writer.Multiply(step, factor, "slope");
        PtxFloat zero = PtxWriter.Number(0f);
        PtxFloat value = factor;
        if (!IsLargest && spec.P != 1)
            value = writer.Multiply(Power(writer, step, spec.P - 1), factor, "slope");
        PtxFloat signed = writer.Select(writer.Compare("gt", step, zero, "isAbove"), value,
            writer.Select(writer.Compare("lt", step, zero, "isBelow"), writer.Negate(value, "minus"), zero, "other"), "signed");
        return !IsLargest ? signed : writer.Select(
            writer.Compare("eq", writer.Absolute(step, "magnitude"), largest, "isLargest"), signed, zero, "slope");
    }

    private PtxDouble Norm(PtxWriter writer, PtxFloat sum) => spec.P switch
    {
        1 or double.PositiveInfinity => writer.Widen(sum, "norm"),
        2 => writer.SquareRoot(writer.Widen(sum, "squares"), "norm"),
        _ => writer.Widen(Power(writer, sum, 1 / spec.P), "norm"),
    };

    /// <summary>A power of a magnitude; a whole one is a product.</summary>
    private static PtxFloat Power(PtxWriter writer, PtxFloat x, double exponent)
    {
        PtxFloat magnitude = writer.Absolute(x, "magnitude");
        if (exponent == 0)
            return writer.Variable(PtxWriter.Number(1f), "power");
        if (exponent is > 0 and <= 8 && exponent == Math.Floor(exponent))
        {
            PtxFloat product = magnitude;
            for (int i = 1; i < exponent; i++)
                product = writer.Multiply(product, magnitude, "power");
            return product;
        }
        return writer.Exp(writer.Multiply(writer.Log(magnitude), PtxWriter.Number((float)exponent), "scaled"));
    }
}

/// <summary>
/// Cross-entropy of the scores of each left vector with all right ones, and of each right one with all left ones: a warp for each vector,
/// whose lanes take a score of 32 each. A first kernel sums up exponentials; the second computes the scores again, and with them losses and
/// gradients, so that nothing is kept that grows with the square of the batch.
/// </summary>
internal sealed class ContrastiveLossKernel(int features, double temperature)
{
    private const int Warp = 32, FeaturesPerLane = 8;

    public static RowTeam Team { get; } = RowTeam.For(1);

    /// <remarks>
    /// Its parameters are left and right, the sums, first those of rows and then of columns, and the number of vectors of both.
    /// </remarks>
    public string WriteSums(string name, string summary)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        PtxLong left = writer.Pointer("left"), right = writer.Pointer("right"), sums = writer.Pointer("sums");
        PtxInt samples = writer.Count("samples");
        RowWork work = Team.Begin(writer);
        Side side = Begin(writer, work, left, right, samples);
        PtxFloat largest = writer.Variable(PtxWriter.Number(float.NegativeInfinity), "largest"),
            sum = writer.Variable(PtxWriter.Number(0f), "sum");
        writer.For("tile", PtxWriter.Number(0), samples, Warp, tile =>
        {
            PtxInt column = writer.Add(tile, work.Lane, "column");
            writer.If(writer.Compare("lt", column, samples, "isColumn"), () =>
            {
                PtxFloat score = Score(writer, side, column), next = writer.Maximum(largest, score, "next");
                writer.Set(sum, writer.MultiplyAdd(sum, writer.Exp(writer.Subtract(largest, next, "below")),
                    writer.Exp(writer.Subtract(score, next, "below")), "total"));
                writer.Set(largest, next);
            });
        });
        PtxFloat most = writer.Variable(largest, "most");
        writer.CombineWarp(most, (a, b) => writer.Maximum(a, b, "larger"));
        PtxFloat all = writer.Variable(writer.Multiply(sum, writer.Exp(writer.Subtract(largest, most, "below")), "share"), "all");
        writer.CombineWarp(all, (a, b) => writer.Add(a, b, "total"));
        PtxFloat logarithm = writer.Log(all);
        work.IfFirst(() => writer.Store(
            writer.ElementAddress(sums, work.Row, "to"), writer.Add(most, logarithm, "logarithmOfSum")));
        return writer.Render();
    }

    /// <remarks>
    /// Its parameters are left and right, the sums, both gradients, the losses, the scale, the samples, and the number of vectors of both.
    /// </remarks>
    public string WriteLoss(string name, string summary)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        PtxLong left = writer.Pointer("left"), right = writer.Pointer("right"), sums = writer.Pointer("sums");
        PtxLong leftGradient = writer.Pointer("leftGradient"), rightGradient = writer.Pointer("rightGradient"),
            losses = writer.Pointer("losses"), scaleAt = writer.Pointer("scale");
        PtxInt samples = writer.Count("samples");
        RowWork work = Team.Begin(writer);
        Side side = Begin(writer, work, left, right, samples);
        PtxFloat factor = writer.Multiply(writer.Load(scaleAt, "scale"), PtxWriter.Number((float)(0.5 / temperature)), "factor");
        PtxLong gradient = writer.Select(side.IsFirst, leftGradient, rightGradient, "gradient");
        PtxFloat own = writer.Element(sums, work.Row, "own");
        PtxInt others = writer.Select(side.IsFirst, samples, PtxWriter.Number(0), "others");
        for (int start = 0; start < features; start += Warp * FeaturesPerLane)
        {
            bool isFirstPass = start == 0;
            int lanes = Math.Min(FeaturesPerLane, (features - start + Warp - 1) / Warp);
            PtxFloat[] results = [.. Enumerable.Range(0, lanes).Select(_ => writer.Variable(PtxWriter.Number(0f), "result"))];
            PtxInt[] ofLane = [.. results.Select((_, i) => writer.Add(work.Lane, PtxWriter.Number(start + i * Warp), "feature"))];
            void EachFeature(Action<int> body)
            {
                for (int i = 0; i < lanes; i++)
                {
                    int one = i;
                    writer.If(writer.Compare("lt", ofLane[i], PtxWriter.Number(features), "isFeature"), () => body(one));
                }
            }
            writer.For("tile", PtxWriter.Number(0), samples, Warp, tile =>
            {
                PtxInt column = writer.Add(tile, work.Lane, "column");
                PtxFloat weight = writer.Variable(PtxWriter.Number(0f), "weight");
                writer.If(writer.Compare("lt", column, samples, "isColumn"), () =>
                {
                    PtxFloat score = Score(writer, side, column);
                    PtxFloat other = writer.Element(sums, writer.Add(others, column, "otherPlace"), "other");
                    PtxFloat both = writer.Add(writer.Exp(writer.Subtract(score, own, "below")),
                        writer.Exp(writer.Subtract(score, other, "below")), "both");
                    PtxPredicate isOwn = writer.Compare("eq", column, side.Number, "isOwn");
                    both = writer.Select(isOwn, writer.Subtract(both, PtxWriter.Number(2f), "lessOwn"), both, "both");
                    writer.Set(weight, writer.Multiply(both, factor, "scaled"));
                    if (!isFirstPass)
                        return;
                    writer.If(writer.And(isOwn, side.IsFirst, "isLoss"), () =>
                    {
                        PtxDouble mean = writer.Multiply(writer.Add(writer.Widen(own, "wide"), writer.Widen(other, "wide"), "sums"),
                            PtxWriter.Number(0.5), "mean");
                        writer.Store(writer.DoubleAddress(losses, side.Number, "lossAt"),
                            writer.Subtract(mean, writer.Widen(score, "wide"), "loss"));
                    });
                });
                PtxInt inTile = writer.Minimum(writer.Subtract(samples, tile, "left"), PtxWriter.Number(Warp), "inTile");
                writer.Loop("j", inTile, 1, j =>
                {
                    PtxFloat ofColumn = writer.FromLane(weight, j, "ofColumn");
                    PtxInt row = writer.Multiply(writer.Add(tile, j, "number"), PtxWriter.Number(features), "columnStart");
                    EachFeature(i => writer.Accumulate(results[i], ofColumn,
                        writer.Element(side.Columns, writer.Add(row, ofLane[i], "at"), "x")));
                });
            });
            PtxInt to = writer.Multiply(side.Number, PtxWriter.Number(features), "gradientStart");
            EachFeature(i => writer.Store(writer.ElementAddress(gradient, writer.Add(to, ofLane[i], "toAt"), "to"), results[i]));
        }
        return writer.Render();
    }

    private sealed record Side(PtxPredicate IsFirst, PtxInt Number, PtxLong Rows, PtxLong Columns, PtxInt Start);

    /// <summary>The vector of a warp: a left one, or behind those a right one.</summary>
    private Side Begin(PtxWriter writer, RowWork work, PtxLong left, PtxLong right, PtxInt samples)
    {
        PtxPredicate isFirst = writer.Compare("lt", work.Row, samples, "isLeft");
        PtxInt number = writer.Select(isFirst, work.Row, writer.Subtract(work.Row, samples, "ofRight"), "vector");
        return new Side(isFirst, number, writer.Select(isFirst, left, right, "rows"), writer.Select(isFirst, right, left, "columns"),
            writer.Multiply(number, PtxWriter.Number(features), "start"));
    }

    private PtxFloat Score(PtxWriter writer, Side side, PtxInt column)
    {
        PtxInt other = writer.Multiply(column, PtxWriter.Number(features), "columnAt");
        PtxFloat product = writer.Variable(PtxWriter.Number(0f), "product");
        writer.Loop("d", PtxWriter.Number(features), 1, d => writer.Accumulate(product,
            writer.Element(side.Rows, writer.Add(side.Start, d, "rowAt"), "a"),
            writer.Element(side.Columns, writer.Add(other, d, "otherAt"), "b")));
        return temperature == 1 ? product : writer.Multiply(product, PtxWriter.Number((float)(1 / temperature)), "score");
    }
}
