using NetGen.Generator.Functions;
using NetGen.Generator.Functions.Activations;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// Back through the steps of a GRU that looks at a memory: a block for each sample, which keeps the gradients of each step's scores and of
/// its context. From these come those of keys and memory, of which each number has a thread of its own.
/// </summary>
/// <param name="positions">The most steps of a sample.</param>
/// <param name="hasLengths">Samples bring how many steps they have; likewise of the memory.</param>
internal sealed class AttentionRecurrentGradientKernel(
    AttentionRecurrentGradientOp op, int positions, bool hasLengths, bool hasMemoryLengths)
{
    public const int Threads = 128;

    private static readonly TanhFunction s_tanh = new();

    private MemoryAttention Attention => op.Attention;

    private int Products => AttentionRecurrentOp.Gates * op.Hidden;

    /// <summary>The most steps of a sample.</summary>
    public int Positions => positions;

    /// <summary>What is kept of a step for keys and memory: gradients of its scores, then of its context.</summary>
    public int Seen => Attention.Positions + Attention.Features;

    /// <summary>Whether a block's memory holds what flows back.</summary>
    public bool Fits
        => 4 * (op.Hidden + 2 * Products + Attention.Size + Attention.Positions + Attention.Features) <= StateProducts.SharedLimit;

    /// <remarks>
    /// Its parameters are the inputs of the op, the lengths of steps and of the memory, the weights of states, contexts, queries and
    /// scores, then the gradients of the inputs' products, of the first state where there is one, of the states' products and, of additive
    /// scores, of the queries and of what the score's vector multiplies, and last what is kept of each step.
    /// </remarks>
    public string WriteSteps(string name, string summary)
    {
        var writer = new PtxWriter(name, summary, Threads);
        var read = new Operands(writer, op, hasLengths, hasMemoryLengths);
        PtxInt ofState = writer.Shared("ofState", op.Hidden), ofProducts = writer.Shared("ofProducts", Products),
            ofInputs = writer.Shared("ofInputs", Products), ofContext = writer.Shared("ofContext", Attention.Features),
            slopes = writer.Shared("slopes", Attention.Positions), ofQuery = writer.Shared("ofQuery", Attention.Size);
        PtxInt thread = writer.Thread("thread"), sample = writer.Block("x", "sample");

        void EachOf(int length, Action<PtxInt> body) => StateProducts.EachOf(writer, length, thread, Threads, body);

        RecurrentKernel.Begin(writer, EachOf, ofState, null, sample, op.Hidden);
        PtxInt count = Length(writer, read.Lengths, sample, positions),
            keyCount = Length(writer, read.MemoryLengths, sample, Attention.Positions),
            last = writer.Subtract(count, PtxWriter.Number(1), "last"),
            first = writer.Multiply(sample, PtxWriter.Number(positions), "firstPosition"),
            firstKey = writer.Multiply(sample, PtxWriter.Number(Attention.Positions), "firstKey");
        writer.Loop("back", count, 1, back =>
        {
            PtxInt position = writer.Add(first, writer.Subtract(last, back, "inSample"), "position");
            EachOf(op.Hidden, unit => Cell(writer, read, position, unit, (ofState, ofProducts, ofInputs)));
            writer.Barrier();
            EachOf(Attention.Features, feature =>
            {
                PtxFloat all = StateProducts.Back(writer, read.ContextWeights, feature, Attention.Features, ofInputs, Products);
                all = Given(writer, read.OfContexts, position, Attention.Features, feature, all);
                StateProducts.Put(writer, ofContext, feature, all);
                PtxInt place = writer.Add(feature, PtxWriter.Number(Attention.Positions), "seenPlace");
                StateProducts.ToRow(writer, read.Seen, position, Seen, place, all);
            });
            writer.Barrier();
            Slopes(writer, read, (position, firstKey, keyCount, thread), ofContext, slopes);
            EachOf(Attention.Size, i => OfQuery(writer, read, (position, firstKey, keyCount, i), slopes, ofQuery));
            writer.Barrier();
            void Back() => EachOf(op.Hidden, unit =>
            {
                PtxFloat flow = StateProducts.Back(writer, read.Weights, unit, op.Hidden, ofProducts, Products);
                PtxFloat seen = read.QueryWeights is null ? StateProducts.At(writer, ofQuery, unit, "asQuery")
                    : StateProducts.Back(writer, read.QueryWeights, unit, op.Hidden, ofQuery, Attention.Size);
                PtxFloat passed = writer.Add(StateProducts.At(writer, ofState, unit, "passed"), flow, "withProducts");
                StateProducts.Put(writer, ofState, unit, writer.Add(passed, seen, "withQuery"));
            });
            // Nobody asks for the gradient of a first state that is zero.
            if (op.HasInitial)
                Back();
            else
                writer.If(writer.Compare("lt", back, last, "hasBefore"), Back);
            writer.Barrier();
        });
        if (read.InitialGradient is { } initial)
        {
            EachOf(op.Hidden, unit => StateProducts.ToRow(
                writer, initial, sample, op.Hidden, unit, StateProducts.At(writer, ofState, unit, "ofFirst")));
        }
        if (hasLengths)
        {
            writer.Comment("Zeros where the sample has no positions.");
            RecurrentKernel.Clear(writer, EachOf, first, count, positions, (read.InputGradient, Products),
                (read.ProductGradient, Products), (read.QueryGradient, Attention.Size), (read.ScoreGradient, Attention.Size));
        }
        return writer.Render();
    }

    /// <summary>The gradients of the keys: over all steps that have seen them.</summary>
    /// <remarks>
    /// Its parameters are what is kept of each step, the queries, of additive scores the keys and the score's vector, the lengths of steps
    /// and of the memory, the gradients, and how many there are.
    /// </remarks>
    public string WriteKeys(string name, string summary)
    {
        string[] forScores = Attention.IsAdditive ? ["keys", "scoreWeights"] : [], lengths = hasLengths ? ["lengths"] : [],
            memoryLengths = hasMemoryLengths ? ["memoryLengths"] : [];
        string[] inputs = ["seen", "queries", .. forScores, .. lengths, .. memoryLengths];
        return EachElementKernel.Write(name, summary, inputs, (writer, pointers, element) =>
        {
            var place = new ElementPlace(writer, element, [Attention.Positions, Attention.Size]);
            int next = 2 + forScores.Length;
            PtxInt count = Length(writer, hasLengths ? pointers[next++] : null, place.Sample, positions);
            if (hasMemoryLengths)
            {
                PtxInt keyCount = Length(writer, pointers[next], place.Sample, Attention.Positions);
                count = writer.Select(writer.Compare("lt", place[0], keyCount, "isKey"), count, PtxWriter.Number(0), "count");
            }
            PtxFloat? key = Attention.IsAdditive ? writer.Element(pointers[2], element, "key") : null,
                factor = Attention.IsAdditive ? writer.Element(pointers[3], place[1], "factor") : null;
            return OverSteps(writer, place.Sample, count, (position, add) =>
            {
                PtxFloat slope = StateProducts.OfRow(writer, pointers[0], position, Seen, place[0], "slope"),
                    query = StateProducts.OfRow(writer, pointers[1], position, Attention.Size, place[1], "query");
                if (key is null)
                    add(slope, query);
                else
                    add(Flow(writer, slope, factor!, Bounded(writer, query, key)), PtxWriter.Number(1f));
            });
        });
    }

    /// <summary>The gradients of the memory, as far as contexts are of it; where a sample has no memory, weights are zeros.</summary>
    /// <remarks>
    /// Its parameters are what is kept of each step, the weights, the lengths of steps, the gradients, and how many there are.
    /// </remarks>
    public string WriteMemory(string name, string summary) => EachElementKernel.Write(
        name, summary, ["seen", "attention", .. hasLengths ? ["lengths"] : Array.Empty<string>()], (writer, pointers, element) =>
        {
            var place = new ElementPlace(writer, element, [Attention.Positions, Attention.Features]);
            PtxInt count = Length(writer, hasLengths ? pointers[2] : null, place.Sample, positions),
                ofContext = writer.Add(place[1], PtxWriter.Number(Attention.Positions), "seenPlace");
            return OverSteps(writer, place.Sample, count, (position, add) => add(
                StateProducts.OfRow(writer, pointers[1], position, Attention.Positions, place[0], "weight"),
                StateProducts.OfRow(writer, pointers[0], position, Seen, ofContext, "ofContext")));
        });

    /// <summary>A sum of products over the steps of a sample.</summary>
    private PtxFloat OverSteps(PtxWriter writer, PtxInt sample, PtxInt count, Action<PtxInt, Action<PtxFloat, PtxFloat>> term)
    {
        var sum = new LongSum(writer, positions);
        PtxInt first = writer.Multiply(sample, PtxWriter.Number(positions), "firstPosition");
        writer.For("step", PtxWriter.Number(0), count, 1,
            step => term(writer.Add(first, step, "position"), (a, b) => sum.Accumulate(a, b, step)));
        return sum.Total;
    }

    private static PtxInt Length(PtxWriter writer, PtxLong? given, PtxInt sample, int most) => given is null ? PtxWriter.Number(most)
        : writer.LoadInt(writer.ElementAddress(given, sample, "lengthAt"), "length");

    private static PtxFloat Given(PtxWriter writer, PtxLong? given, PtxInt position, int length, PtxInt index, PtxFloat gradient)
        => given is null ? gradient : writer.Add(gradient, StateProducts.OfRow(writer, given, position, length, index, "given"), "all");

    /// <summary>Back through the cell of a unit: the gradients of its products, and what flows on besides.</summary>
    private void Cell(PtxWriter writer, Operands read, PtxInt position, PtxInt unit, (PtxInt State, PtxInt Products, PtxInt Inputs) to)
    {
        var code = new PtxCode(writer);
        for (int gate = 0; gate < AttentionRecurrentOp.SavedGates; gate++)
        {
            PtxInt ofGate = writer.Add(unit, PtxWriter.Number(gate * op.Hidden), "ofGate");
            code.With($"gate{gate}",
                StateProducts.OfRow(writer, read.Gates, position, AttentionRecurrentOp.SavedGates * op.Hidden, ofGate, "gate"));
        }
        code.With("state", StateProducts.OfRow(writer, read.Previous, position, op.Hidden, unit, "before"));
        code.With("gradient", Given(
            writer, read.OfStates, position, op.Hidden, unit, StateProducts.At(writer, to.State, unit, "ofNext")));
        ElementValue[] gates =
            [.. Enumerable.Range(0, AttentionRecurrentOp.SavedGates).Select(gate => ElementValue.Named($"gate{gate}"))];
        IReadOnlyList<PtxFloat> results = code.Run(
            RecurrentFunctions.GRUGradient(gates, ElementValue.Named("state"), ElementValue.Named("gradient")), "ofGate");
        int count = AttentionRecurrentOp.Gates;
        for (int gate = 0; gate < count; gate++)
        {
            PtxInt place = writer.Add(unit, PtxWriter.Number(gate * op.Hidden), "productPlace");
            // The reset gate multiplies the state's last product.
            PtxFloat ofState = gate == count - 1 ? results[count] : results[gate];
            StateProducts.ToRow(writer, read.InputGradient, position, Products, place, results[gate]);
            StateProducts.Put(writer, to.Inputs, place, results[gate]);
            StateProducts.ToRow(writer, read.ProductGradient, position, Products, place, ofState);
            StateProducts.Put(writer, to.Products, place, ofState);
        }
        StateProducts.Put(writer, to.State, unit, results[results.Count - 1]);
    }

    /// <summary>
    /// The gradients of a step's scores, in shared memory and kept: weights times how far their gradients are from the mean that they
    /// weigh.
    /// </summary>
    private void Slopes(PtxWriter writer, Operands read, (PtxInt Position, PtxInt FirstKey, PtxInt Count, PtxInt Thread) at,
        PtxInt ofContext, PtxInt slopes)
    {
        PtxFloat Weight(PtxInt j) => StateProducts.OfRow(writer, read.Attention, at.Position, Attention.Positions, j, "weight");
        writer.For("gradientOf", at.Thread, at.Count, Threads, j =>
        {
            var sum = new LongSum(writer, Attention.Features);
            PtxInt row = writer.Add(at.FirstKey, j, "memoryRow");
            writer.Loop("feature", PtxWriter.Number(Attention.Features), 1, feature => sum.Accumulate(
                StateProducts.At(writer, ofContext, feature, "ofFeature"),
                StateProducts.OfRow(writer, read.Memory, row, Attention.Features, feature, "ofMemory"), feature));
            StateProducts.Put(
                writer, slopes, j, Given(writer, read.OfWeights, at.Position, Attention.Positions, j, sum.Total));
        });
        writer.Barrier();
        var mean = new LongSum(writer, Attention.Positions);
        writer.Loop("weighed", at.Count, 1, j => mean.Accumulate(Weight(j), StateProducts.At(writer, slopes, j, "ofWeight"), j));
        PtxFloat total = mean.Total;
        writer.Barrier();
        writer.For("slopeOf", at.Thread, at.Count, Threads, j =>
        {
            PtxFloat slope = writer.Multiply(
                Weight(j), writer.Subtract(StateProducts.At(writer, slopes, j, "ofWeight"), total, "fromMean"), "slope");
            StateProducts.Put(writer, slopes, j, slope);
            StateProducts.ToRow(writer, read.Seen, at.Position, Seen, j, slope);
        });
        writer.Barrier();
    }

    /// <summary>The gradient of one of a query's numbers and, of additive scores, of what the score's vector multiplies there.</summary>
    private void OfQuery(PtxWriter writer, Operands read, (PtxInt Position, PtxInt FirstKey, PtxInt Count, PtxInt Index) at, PtxInt slopes,
        PtxInt ofQuery)
    {
        var flows = new LongSum(writer, Attention.Positions);
        LongSum? scores = read.ScoreWeights is null ? null : new LongSum(writer, Attention.Positions);
        PtxFloat? own = read.Queries is null ? null
                : StateProducts.OfRow(writer, read.Queries, at.Position, Attention.Size, at.Index, "own"),
            factor = read.ScoreWeights is null ? null : writer.Element(read.ScoreWeights, at.Index, "factor");
        writer.Loop("seenKey", at.Count, 1, j =>
        {
            PtxFloat slope = StateProducts.At(writer, slopes, j, "slope"), key = StateProducts.OfRow(
                writer, read.Keys, writer.Add(at.FirstKey, j, "keyRow"), Attention.Size, at.Index, "key");
            if (scores is null)
            {
                flows.Accumulate(slope, key, j);
                return;
            }
            PtxFloat bounded = Bounded(writer, own!, key);
            scores.Accumulate(slope, bounded, j);
            flows.Accumulate(Flow(writer, slope, factor!, bounded), PtxWriter.Number(1f), j);
        });
        PtxFloat total = flows.Total;
        StateProducts.Put(writer, ofQuery, at.Index, total);
        if (read.QueryGradient is { } queries)
            StateProducts.ToRow(writer, queries, at.Position, Attention.Size, at.Index, total);
        if (read.ScoreGradient is { } ofScores)
            StateProducts.ToRow(writer, ofScores, at.Position, Attention.Size, at.Index, scores!.Total);
    }

    /// <summary>tanh(query + key).</summary>
    private static PtxFloat Bounded(PtxWriter writer, PtxFloat query, PtxFloat key) => new PtxCode(writer)
        .With("x", writer.Add(query, key, "both")).Float(s_tanh.Apply(ElementValue.Named("x")), "bounded");

    /// <summary>What comes through a score to query and key.</summary>
    private static PtxFloat Flow(PtxWriter writer, PtxFloat slope, PtxFloat factor, PtxFloat bounded) => new PtxCode(writer)
        .With("gradient", writer.Multiply(slope, factor, "ofBounded")).With("saved", bounded)
        .Float(s_tanh.Derivative(ElementValue.Named("gradient"), ElementValue.Named("saved")), "flow");

    /// <summary>The parameters of the steps' kernel, in their order.</summary>
    private sealed class Operands
    {
        public Operands(PtxWriter writer, AttentionRecurrentGradientOp op, bool hasLengths, bool hasMemoryLengths)
        {
            PtxLong? Optional(bool isThere, string parameter) => isThere ? writer.Pointer(parameter) : null;
            bool isAdditive = op.Attention.IsAdditive;
            OfStates = Optional(op.HasStates, "stateGradient");
            OfWeights = Optional(op.HasWeights, "weightGradient");
            OfContexts = Optional(op.HasContexts, "contextGradient");
            Attention = writer.Pointer("attention");
            Previous = writer.Pointer("previous");
            Gates = writer.Pointer("gates");
            Queries = Optional(isAdditive, "queries");
            Keys = writer.Pointer("keys");
            Memory = writer.Pointer("memory");
            Lengths = Optional(hasLengths, "lengths");
            MemoryLengths = Optional(hasMemoryLengths, "memoryLengths");
            Weights = writer.Pointer("weights");
            ContextWeights = writer.Pointer("contextWeights");
            QueryWeights = Optional(isAdditive, "queryWeights");
            ScoreWeights = Optional(isAdditive, "scoreWeights");
            InputGradient = writer.Pointer("inputGradient");
            InitialGradient = Optional(op.HasInitial, "initialGradient");
            ProductGradient = writer.Pointer("productGradient");
            QueryGradient = Optional(isAdditive, "queryGradient");
            ScoreGradient = Optional(isAdditive, "scoreGradient");
            Seen = writer.Pointer("seen");
        }

        /// <summary>Gradients from elsewhere; null where nobody else reads these.</summary>
        public PtxLong? OfStates { get; }

        public PtxLong? OfWeights { get; }

        public PtxLong? OfContexts { get; }

        public PtxLong Attention { get; }

        public PtxLong Previous { get; }

        public PtxLong Gates { get; }

        public PtxLong? Queries { get; }

        public PtxLong Keys { get; }

        public PtxLong Memory { get; }

        public PtxLong? Lengths { get; }

        public PtxLong? MemoryLengths { get; }

        public PtxLong Weights { get; }

        public PtxLong ContextWeights { get; }

        public PtxLong? QueryWeights { get; }

        public PtxLong? ScoreWeights { get; }

        public PtxLong InputGradient { get; }

        public PtxLong? InitialGradient { get; }

        public PtxLong ProductGradient { get; }

        public PtxLong? QueryGradient { get; }

        public PtxLong? ScoreGradient { get; }

        /// <summary>Where what is kept of each step goes.</summary>
        public PtxLong Seen { get; }
    }
}
