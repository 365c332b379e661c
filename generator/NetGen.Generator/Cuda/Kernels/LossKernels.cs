using NetGen.Generator.Functions;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>Losses that compare element with element: a team for each sample, which sums up costs and writes what flows back.</summary>
/// <param name="loss">What is computed of an element.</param>
/// <param name="shape">Of an output.</param>
internal sealed class ElementLossKernel(ElementLoss loss, TensorShape shape)
{
    public RowTeam Team { get; } = RowTeam.For(shape.Size);

    /// <summary>The factors that are different for elements or channels.</summary>
    public IReadOnlyList<ElementFactor> Tables { get; } = [.. loss.Factors.Where(factor => factor.Values.Count > 1)];

    /// <remarks>
    /// Its parameters are output, target and tables, the samples' lengths where they bring such, the gradient, the losses, the scale, and
    /// how many samples there are.
    /// </remarks>
    public string Write(string name, string summary)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        PtxLong output = writer.Pointer("output"), target = writer.Pointer("target");
        PtxLong[] tables = [.. Tables.Select(factor => writer.Pointer(factor.Name))];
        PtxLong? lengths = shape.HasLengths ? writer.Pointer("lengths") : null;
        PtxLong gradient = writer.Pointer("gradient"), losses = writer.Pointer("losses"), scaleAt = writer.Pointer("scale");
        RowWork work = Team.Begin(writer);
        PtxFloat scale = writer.Load(scaleAt, "factor");
        PtxInt first = writer.Multiply(work.Row, PtxWriter.Number(shape.Size), "first");
        PtxInt? end = lengths is null ? null : writer.Multiply(
            writer.LoadInt(writer.ElementAddress(lengths, work.Row, "lengthAt"), "length"),
            PtxWriter.Number(shape.Size / shape.Dimensions[0]), "end");
        PtxFloat zero = PtxWriter.Number(0f);
        PtxFloat[] sums = work.Sums(PtxWriter.Number(shape.Size), shape.Size, loss.Refused is null ? 1 : 2, element =>
        {
            PtxInt at = writer.Add(first, element, "at");
            var code = new PtxCode(writer).With("x", writer.Element(output, at, "x")).With("t", writer.Element(target, at, "t"));
            foreach (ElementFactor factor in loss.Factors)
            {
                int table = Tables.ToList().IndexOf(factor);
                code.With(factor.Name, table < 0 ? PtxWriter.Number(factor.Values[0])
                    : writer.Element(tables[table], FactorOf(writer, element), factor.Name));
            }
            IReadOnlyList<PtxFloat> results = code.Run(loss.Program, "of");
            PtxFloat cost = results[0], slope = writer.Multiply(results[1], scale, "slope");
            PtxFloat? refused = loss.Refused is { } mask
                ? code.Float(ElementValue.Select(mask, 1f, ElementValue.Zero), "refused") : null;
            if (end is not null)
            {
                PtxPredicate isThere = writer.Compare("lt", element, end, "isPosition");
                (cost, slope) = (writer.Select(isThere, cost, zero, "cost"), writer.Select(isThere, slope, zero, "slope"));
                refused = refused is null ? null : writer.Select(isThere, refused, zero, "refused");
            }
            writer.Store(writer.ElementAddress(gradient, at, "to"), slope);
            return refused is null ? [cost] : [cost, refused];
        });
        work.IfFirst(() =>
        {
            PtxDouble sum = writer.Widen(sums[0], "sum");
            if (sums.Length > 1)
            {
                sum = writer.Select(writer.Compare("gt", sums[1], zero, "isRefused"), PtxWriter.Number(double.NegativeInfinity), sum,
                    "loss");
            }
            writer.Store(writer.DoubleAddress(losses, work.Row, "lossAt"), sum);
        });
        return writer.Render();
    }

    /// <summary>Of a vector each element has a factor, of an image each channel.</summary>
    private PtxInt FactorOf(PtxWriter writer, PtxInt element)
    {
        int perFactor = shape.HasChannels ? shape.Size / shape.Channels : 1;
        return perFactor == 1 ? element : writer.Divide(element, perFactor, "channel", "pixel").Quotient;
    }
}

/// <summary>What a loss over classes compares a row of scores with.</summary>
internal enum ClassLossForm
{
    /// <summary>Cross-entropy of a class.</summary>
    Labels,

    /// <summary>Cross-entropy of a distribution over the classes.</summary>
    Probabilities,

    /// <summary>The negative of the class's score, which is a logarithm of a probability.</summary>
    LogLikelihood,
}

/// <summary>
/// Losses over classes: a team for each row of scores. With a target a, a number for each class, the loss is Σa log Σ exp(x) − Σ a x, and
/// what flows back softmax(x) Σa − a; the largest score is taken off first.
/// </summary>
/// <param name="Classes">Scores of a row.</param>
/// <param name="Rows">Rows of a sample, whose losses add up.</param>
/// <param name="IsWeighted">Classes have weights.</param>
/// <param name="Smoothing">The share of the target that all classes have alike.</param>
/// <param name="SmoothedTotal">What that makes of all classes together.</param>
/// <param name="Ignored">A label that counts for nothing; null where there are none.</param>
/// <param name="HasLengths">Samples bring how many rows they have.</param>
internal sealed record ClassLossKernel(ClassLossForm Form, int Classes, int Rows, bool IsWeighted, double Smoothing, double SmoothedTotal,
    int? Ignored, bool HasLengths)
{
    public RowTeam Team => RowTeam.For(Classes);

    private bool IsSmoothed => Smoothing > 0;

    private PtxFloat Kept => PtxWriter.Number((float)(1 - Smoothing));

    private PtxFloat Share => PtxWriter.Number((float)(Smoothing / Classes));

    /// <remarks>
    /// Its parameters are the scores, labels or target, weights and lengths where there are such, the gradient, the losses of rows, the
    /// scale, and how many rows there are.
    /// </remarks>
    public string Write(string name, string summary)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        PtxLong scores = writer.Pointer("scores"), target = writer.Pointer("target");
        PtxLong? weights = IsWeighted ? writer.Pointer("weights") : null, lengths = HasLengths ? writer.Pointer("lengths") : null;
        PtxLong gradient = writer.Pointer("gradient"), losses = writer.Pointer("losses"), scaleAt = writer.Pointer("scale");
        RowWork work = Team.Begin(writer);
        PtxFloat scale = writer.Load(scaleAt, "factor");
        PtxInt first = writer.Multiply(work.Row, PtxWriter.Number(Classes), "first"), count = PtxWriter.Number(Classes);
        bool hasLabels = Form != ClassLossForm.Probabilities;
        PtxInt? label = hasLabels ? writer.LoadInt(writer.ElementAddress(target, work.Row, "labelAt"), "label") : null;
        PtxPredicate? isIgnored = null;
        if (hasLabels && Ignored is { } ignored)
            isIgnored = writer.Compare("eq", label!, PtxWriter.Number(ignored), "isIgnored");
        if (lengths is not null)
        {
            (PtxInt sample, PtxInt position) = writer.Divide(work.Row, Rows, "sample", "position");
            PtxInt length = writer.LoadInt(writer.ElementAddress(lengths, sample, "lengthAt"), "length");
            PtxPredicate isBehind = writer.Compare("ge", position, length, "isBehindLast");
            isIgnored = isIgnored is null ? isBehind : writer.Or(isIgnored, isBehind, "isNone");
        }
        if (label is not null && isIgnored is not null)
            label = writer.Select(isIgnored, PtxWriter.Number(0), label, "known");
        PtxFloat X(PtxInt place) => writer.Element(scores, writer.Add(first, place, "at"), "x");
        PtxFloat W(PtxInt place) => weights is null ? PtxWriter.Number(1f) : writer.Element(weights, place, "w");
        PtxFloat zero = PtxWriter.Number(0f);

        void Store(PtxInt place, PtxFloat value) => writer.Store(writer.ElementAddress(gradient, writer.Add(first, place, "to"), "toAt"),
            isIgnored is null ? value : writer.Select(isIgnored, zero, value, "flow"));

        void StoreLoss(Func<PtxDouble> loss) => work.IfFirst(() =>
        {
            PtxDouble value = loss();
            if (isIgnored is not null)
                value = writer.Select(isIgnored, PtxWriter.Number(0d), value, "counted");
            writer.Store(writer.DoubleAddress(losses, work.Row, "lossAt"), value);
        });

        if (Form == ClassLossForm.LogLikelihood)
        {
            PtxFloat weight = W(label!);
            PtxFloat step = writer.Negate(writer.Multiply(weight, scale, "weighted"), "step");
            work.ForEach(count, place => Store(place, writer.Select(writer.Compare("eq", place, label!, "isLabel"), step, zero, "flow")));
            StoreLoss(() => writer.Negate(writer.Multiply(writer.Widen(weight, "wide"), writer.Widen(X(label!), "score"), "product"),
                "loss"));
            return writer.Render();
        }

        PtxFloat largest = work.Extreme(count, float.NegativeInfinity, (a, b) => writer.Maximum(a, b, "larger"), X);
        // Of each class its part of the target, but what a label has alone.
        PtxFloat Part(PtxInt place) => !hasLabels
            ? Weighted(IsSmoothed ? writer.MultiplyAdd(T(place), Kept, Share, "smoothed") : T(place), place)
            : Weighted(Share, place);
        PtxFloat T(PtxInt place) => writer.Element(target, writer.Add(first, place, "targetAt"), "t");
        PtxFloat Weighted(PtxFloat value, PtxInt place) => weights is null ? value : writer.Multiply(value, W(place), "weighted");

        bool hasParts = !hasLabels || IsSmoothed;
        PtxFloat[] sums = work.Sums(count, Classes, !hasLabels ? 3 : hasParts ? 2 : 1, place =>
        {
            PtxFloat distance = writer.Subtract(X(place), largest, "distance");
            PtxFloat power = writer.Exp(distance);
            if (!hasParts)
                return [power];
            PtxFloat part = Part(place), product = writer.Multiply(part, distance, "product");
            return hasLabels ? [power, product] : [power, product, part];
        });
        PtxFloat own = !hasLabels ? zero : IsSmoothed ? writer.Multiply(Kept, W(label!), "own") : writer.Variable(W(label!), "own");
        PtxFloat total = !hasLabels ? sums[2]
            : IsSmoothed ? writer.Add(own, PtxWriter.Number((float)SmoothedTotal), "total") : own;
        PtxFloat factor = writer.Multiply(writer.Divide(total, sums[0], "quotient"), scale, "ofSoftmax");
        work.ForEach(count, place =>
        {
            PtxFloat power = writer.Exp(writer.Subtract(X(place), largest, "distance"));
            PtxFloat flow = writer.Multiply(power, factor, "flow");
            if (hasParts)
                flow = writer.Subtract(flow, writer.Multiply(Part(place), scale, "less"), "flow");
            if (hasLabels)
            {
                PtxFloat less = writer.Select(writer.Compare("eq", place, label!, "isLabel"), writer.Multiply(own, scale, "ofLabel"), zero,
                    "less");
                flow = writer.Subtract(flow, less, "flow");
            }
            Store(place, flow);
        });
        StoreLoss(() =>
        {
            PtxFloat logarithm = writer.Log(sums[0]);
            PtxDouble loss = writer.Multiply(writer.Widen(total, "wide"), writer.Widen(logarithm, "wide"), "ofSum");
            if (hasParts)
                loss = writer.Subtract(loss, writer.Widen(sums[1], "products"), "loss");
            if (!hasLabels)
                return loss;
            PtxDouble distance = writer.Subtract(writer.Widen(X(label!), "wide"), writer.Widen(largest, "wide"), "distance");
            return writer.Subtract(loss, writer.Multiply(writer.Widen(own, "wide"), distance, "ofLabel"), "loss");
        });
        return writer.Render();
    }

    /// <summary>The losses of a sample's rows, added up in their order: a thread for each sample.</summary>
    /// <remarks>Its parameters are the losses of rows, those of samples, and how many samples there are.</remarks>
    public static string WriteSums(string name, string summary, int rows)
    {
        var writer = new PtxWriter(name, summary, EachElementKernel.Threads);
        PtxLong losses = writer.Pointer("losses"), output = writer.Pointer("output");
        PtxInt count = writer.Count("samples"), sample = writer.ThreadOfGrid("sample");
        writer.ReturnIf(writer.Compare("ge", sample, count, "isBehind"));
        PtxInt first = writer.Multiply(sample, PtxWriter.Number(rows), "first");
        PtxDouble total = writer.Variable(PtxWriter.Number(0d), "total");
        writer.Loop("row", PtxWriter.Number(rows), 1, row => writer.Set(total, writer.Add(total,
            writer.LoadDouble(writer.DoubleAddress(losses, writer.Add(first, row, "at"), "lossAt"), "loss"), "more")));
        writer.Store(writer.DoubleAddress(output, sample, "to"), total);
        return writer.Render();
    }
}
