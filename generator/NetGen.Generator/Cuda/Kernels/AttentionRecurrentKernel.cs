using NetGen.Generator.Functions;
using NetGen.Generator.Functions.Activations;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// The steps of a GRU that looks at a memory before each of them: a block for each sample, whose threads take units, scores and features
/// between them.
/// </summary>
/// <param name="positions">The most steps of a sample.</param>
/// <param name="hasBias">The state's product has one.</param>
/// <param name="hasLengths">Samples bring how many steps they have; likewise of the memory.</param>
internal sealed class AttentionRecurrentKernel(
    AttentionRecurrentOp op, int positions, bool hasBias, bool hasLengths, bool hasMemoryLengths)
{
    private MemoryAttention Attention => op.Attention;

    private static int Gates => AttentionRecurrentOp.Gates;

    public const int Threads = 128;

    /// <summary>Whether a block's memory holds states, scores and what they make of the memory.</summary>
    public bool Fits => 4 * (2 * op.Hidden + Attention.Size + Attention.Positions + Attention.Features) <= StateProducts.SharedLimit;

    /// <remarks>
    /// Its parameters are the inputs' products, keys, memory, the first state where there is one, the lengths of both, the weights of
    /// states, their bias, those of contexts, queries and scores, and then states, scores and contexts and, where a backward pass reads
    /// them, the states before each position, gates and queries.
    /// </remarks>
    public string Write(string name, string summary)
    {
        var writer = new PtxWriter(name, summary, Threads);
        PtxLong products = writer.Pointer("products"), keys = writer.Pointer("keys"), memory = writer.Pointer("memory");
        PtxLong? initial = op.HasInitial ? writer.Pointer("initial") : null, lengths = hasLengths ? writer.Pointer("lengths") : null,
            memoryLengths = hasMemoryLengths ? writer.Pointer("memoryLengths") : null;
        PtxLong weights = writer.Pointer("weights");
        PtxLong? bias = hasBias ? writer.Pointer("bias") : null;
        PtxLong contextWeights = writer.Pointer("contextWeights");
        PtxLong? queryWeights = Attention.IsAdditive ? writer.Pointer("queryWeights") : null,
            scoreWeights = Attention.IsAdditive ? writer.Pointer("scoreWeights") : null;
        PtxLong states = writer.Pointer("states"), attention = writer.Pointer("attention"), contexts = writer.Pointer("contexts");
        PtxLong? previous = op.Saves ? writer.Pointer("previous") : null, gates = op.Saves ? writer.Pointer("gates") : null,
            queries = op.Saves && Attention.IsAdditive ? writer.Pointer("queries") : null;
        PtxInt state = writer.Shared("state", op.Hidden), next = writer.Shared("next", op.Hidden),
            scores = writer.Shared("scores", Attention.Positions), context = writer.Shared("context", Attention.Features),
            query = Attention.IsAdditive ? writer.Shared("query", Attention.Size) : state;
        PtxInt thread = writer.Thread("thread"), sample = writer.Block("x", "sample");

        void EachOf(int count, Action<PtxInt> body) => StateProducts.EachOf(writer, count, thread, Threads, body);

        PtxInt Length(PtxLong? given, int most) => given is null ? PtxWriter.Number(most)
            : writer.LoadInt(writer.ElementAddress(given, sample, "lengthAt"), "length");

        RecurrentKernel.Begin(writer, EachOf, state, initial, sample, op.Hidden);
        writer.Barrier();
        PtxInt count = Length(lengths, positions), keyCount = Length(memoryLengths, Attention.Positions);
        PtxInt first = writer.Multiply(sample, PtxWriter.Number(positions), "firstPosition"),
            firstKey = writer.Multiply(sample, PtxWriter.Number(Attention.Positions), "firstKey");
        writer.Loop("step", count, 1, step =>
        {
            PtxInt position = writer.Add(first, step, "position");
            if (queryWeights is not null)
            {
                EachOf(Attention.Size, i =>
                {
                    PtxFloat own = StateProducts.Product(writer, queryWeights, null, i, state, op.Hidden);
                    StateProducts.Put(writer, query, i, own);
                    if (queries is not null)
                        StateProducts.ToRow(writer, queries, position, Attention.Size, i, own);
                });
                writer.Barrier();
            }
            writer.For("scored", thread, keyCount, Threads, j => writer.StoreShared(writer.SharedAddress(scores, j, "scoreTo"), 0,
                Score(writer, query, keys, scoreWeights, writer.Add(firstKey, j, "keyNumber"))));
            writer.Barrier();
            PtxInt weightRow = writer.Multiply(position, PtxWriter.Number(Attention.Positions), "weightRow");
            Weigh(writer, scores, keyCount, thread, attention, weightRow);
            EachOf(Attention.Features, feature =>
            {
                var contextSum = new LongSum(writer, Attention.Positions);
                writer.Loop("j", keyCount, 1, j =>
                {
                    PtxInt number = writer.Add(firstKey, j, "number");
                    PtxInt place = writer.MultiplyAdd(number, PtxWriter.Number(Attention.Features), feature, "place");
                    contextSum.Accumulate(StateProducts.At(writer, scores, j, "weight"), writer.Element(memory, place, "ofMemory"), j);
                });
                PtxFloat sum = contextSum.Total;
                writer.StoreShared(writer.SharedAddress(context, feature, "contextTo"), 0, sum);
                PtxInt to = writer.MultiplyAdd(position, PtxWriter.Number(Attention.Features), feature, "contextPlace");
                writer.Store(writer.ElementAddress(contexts, to, "contextOut"), sum);
            });
            writer.Barrier();
            EachOf(op.Hidden, unit =>
            {
                PtxInt row = writer.MultiplyAdd(position, PtxWriter.Number(Gates * op.Hidden), unit, "inputRow");
                PtxFloat before = writer.LoadShared(writer.SharedAddress(state, unit, "stateAt"), 0, 1, "before")[0];
                var code = new PtxCode(writer).With("state", before);
                for (int gate = 0; gate < Gates; gate++)
                {
                    PtxInt ofGate = writer.Add(unit, PtxWriter.Number(gate * op.Hidden), "ofGate");
                    PtxInt place = writer.Add(row, PtxWriter.Number(gate * op.Hidden), "inputPlace");
                    PtxFloat seen = StateProducts.Product(writer, contextWeights, null, ofGate, context, Attention.Features);
                    code.With($"input{gate}", writer.Add(writer.Element(products, place, "input"), seen, "inputs"));
                    code.With($"product{gate}", StateProducts.Product(writer, weights, bias, ofGate, state, op.Hidden));
                }
                IReadOnlyList<PtxFloat> results = code.Run(
                    RecurrentFunctions.GRU(Named("input"), Named("product"), ElementValue.Named("state")), "state");
                StateProducts.Put(writer, next, unit, results[0]);
                if (previous is not null)
                    StateProducts.ToRow(writer, previous, position, op.Hidden, unit, before);
                if (gates is not null)
                    RecurrentKernel.KeepGates(writer, gates, position, op.Hidden, unit, results.Skip(1));
            });
            writer.Barrier();
            EachOf(op.Hidden, unit =>
            {
                PtxFloat value = writer.LoadShared(writer.SharedAddress(next, unit, "nextAt"), 0, 1, "value")[0];
                writer.StoreShared(writer.SharedAddress(state, unit, "stateAt"), 0, value);
                PtxInt place = writer.MultiplyAdd(position, PtxWriter.Number(op.Hidden), unit, "statePlace");
                writer.Store(writer.ElementAddress(states, place, "stateTo"), value);
            });
            writer.Barrier();
        });
        if (hasLengths)
        {
            writer.Comment("Zeros where the sample has no positions.");
            RecurrentKernel.Clear(writer, EachOf, states, first, count, positions, op.Hidden);
            RecurrentKernel.Clear(writer, EachOf, attention, first, count, positions, Attention.Positions);
            RecurrentKernel.Clear(writer, EachOf, contexts, first, count, positions, Attention.Features);
            RecurrentKernel.Clear(writer, EachOf, first, count, positions,
                (previous, op.Hidden), (gates, AttentionRecurrentOp.SavedGates * op.Hidden), (queries, Attention.Size));
        }
        return writer.Render();
    }

    private static ElementValue[] Named(string stem)
        => [.. Enumerable.Range(0, Gates).Select(gate => ElementValue.Named($"{stem}{gate}"))];

    /// <summary>queryᵀ key, or vᵀ tanh(query + key).</summary>
    private PtxFloat Score(PtxWriter writer, PtxInt query, PtxLong keys, PtxLong? scoreWeights, PtxInt key)
    {
        var sum = new LongSum(writer, Attention.Size);
        PtxInt row = writer.Multiply(key, PtxWriter.Number(Attention.Size), "keyRow");
        writer.Loop("i", PtxWriter.Number(Attention.Size), 1, i =>
        {
            PtxFloat ofQuery = writer.LoadShared(writer.SharedAddress(query, i, "queryAt"), 0, 1, "ofQuery")[0];
            PtxFloat ofKey = writer.Element(keys, writer.Add(row, i, "keyPlace"), "ofKey");
            if (scoreWeights is null)
            {
                sum.Accumulate(ofQuery, ofKey, i);
                return;
            }
            PtxFloat bounded = new PtxCode(writer).With("x", writer.Add(ofQuery, ofKey, "both"))
                .Float(new TanhFunction().Apply(ElementValue.Named("x")), "bounded");
            sum.Accumulate(writer.Element(scoreWeights, i, "ofScore"), bounded, i);
        });
        return sum.Total;
    }

    /// <summary>The softmax of the scores, in their place and in the row that is given; every thread sums them in one order.</summary>
    private void Weigh(PtxWriter writer, PtxInt scores, PtxInt count, PtxInt thread, PtxLong attention, PtxInt row)
    {
        PtxFloat At(PtxInt j, string stem) => writer.LoadShared(writer.SharedAddress(scores, j, stem + "At"), 0, 1, stem)[0];
        PtxFloat largest = writer.Variable(PtxWriter.Number(float.NegativeInfinity), "largest");
        writer.Loop("j", count, 1, j => writer.Set(largest, writer.Maximum(largest, At(j, "score"), "larger")));
        writer.Barrier();
        writer.For("powered", thread, count, Threads, j =>
        {
            PtxCode code = new PtxCode(writer).With("x", writer.Subtract(At(j, "score"), largest, "below"));
            writer.StoreShared(
                writer.SharedAddress(scores, j, "powerTo"), 0, code.Float(Exponential.Exp.Of(ElementValue.Named("x")), "power"));
        });
        writer.Barrier();
        var powers = new LongSum(writer, Attention.Positions);
        writer.Loop("j", count, 1, j => powers.Accumulate(At(j, "power"), PtxWriter.Number(1f), j));
        PtxFloat sum = powers.Total;
        writer.Barrier();
        PtxFloat inverse = writer.Divide(PtxWriter.Number(1f), sum, "inverse");
        writer.For("weighed", thread, count, Threads, j =>
        {
            PtxFloat weight = writer.Multiply(At(j, "power"), inverse, "weight");
            writer.StoreShared(writer.SharedAddress(scores, j, "weightTo"), 0, weight);
            writer.Store(writer.ElementAddress(attention, writer.Add(row, j, "weightPlace"), "weightOut"), weight);
        });
        if (hasMemoryLengths)
        {
            writer.For("unseen", writer.Add(thread, count, "firstUnseen"), PtxWriter.Number(Attention.Positions), Threads, j =>
                writer.Store(writer.ElementAddress(attention, writer.Add(row, j, "unseenPlace"), "unseenOut"), PtxWriter.Number(0f)));
        }
        writer.Barrier();
    }
}
