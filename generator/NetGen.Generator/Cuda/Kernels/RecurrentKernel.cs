using NetGen.Generator.Functions;
using NetGen.Generator.Functions.Activations;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// The steps of a recurrent layer: a block for each sample, whose threads take the units between them. The states are in shared memory,
/// from which the next step's products read them.
/// </summary>
/// <param name="positions">The most steps of a sample.</param>
/// <param name="hasBias">The state's product has one.</param>
/// <param name="hasLengths">Samples bring how many steps they have; behind them all is zero.</param>
internal sealed class RecurrentKernel(RecurrentOp op, int positions, bool hasBias, bool hasLengths)
{
    private RecurrentUnits Units => op.Units;

    private bool IsLSTM => Units.Cell == RecurrentCell.LSTM;

    public int Threads => Math.Min(256, (Units.Hidden + 31) / 32 * 32);

    /// <summary>Whether a block's memory holds the states.</summary>
    public bool Fits => 4 * (2 * Units.Hidden + Units.Features) <= StateProducts.SharedLimit;

    /// <remarks>
    /// Its parameters are the inputs' products, first states and cell states where there are such, the lengths, weights, bias and
    /// projection, and then the states and, where they are asked for, cell states, the states before each position, gates and units.
    /// </remarks>
    public string Write(string name, string summary)
    {
        var writer = new PtxWriter(name, summary, Threads);
        PtxLong products = writer.Pointer("products");
        PtxLong? initial = op.HasInitial ? writer.Pointer("initial") : null,
            initialCell = op.HasInitialCell ? writer.Pointer("initialCell") : null, lengths = hasLengths ? writer.Pointer("lengths") : null;
        PtxLong weights = writer.Pointer("weights");
        PtxLong? bias = hasBias ? writer.Pointer("bias") : null, projection = Units.IsProjected ? writer.Pointer("projection") : null;
        PtxLong states = writer.Pointer("states");
        PtxLong? cells = Port(writer, op.CellPort, "cells"), previous = Port(writer, op.PreviousPort, "previous"),
            gates = Port(writer, op.GatePort, "gates"), units = Port(writer, op.UnitPort, "units");
        PtxInt state = writer.Shared("state", Units.Features), next = writer.Shared("next", Units.Hidden);
        PtxInt? cell = IsLSTM ? writer.Shared("cell", Units.Hidden) : null;
        PtxInt thread = writer.Thread("thread"), sample = writer.Block("x", "sample");

        void EachOf(int count, Action<PtxInt> body) => StateProducts.EachOf(writer, count, thread, Threads, body);

        Begin(writer, EachOf, state, initial, sample, Units.Features);
        if (cell is not null)
            Begin(writer, EachOf, cell, initialCell, sample, Units.Hidden);
        writer.Barrier();
        PtxInt count = lengths is null ? PtxWriter.Number(positions)
            : writer.LoadInt(writer.ElementAddress(lengths, sample, "lengthAt"), "length");
        PtxInt first = writer.Multiply(sample, PtxWriter.Number(positions), "firstPosition");
        writer.Loop("step", count, 1, step =>
        {
            PtxInt inSample = op.IsReverse ? writer.Subtract(writer.Subtract(count, step, "left"), PtxWriter.Number(1), "fromEnd") : step;
            PtxInt position = writer.Add(first, inSample, "position");
            EachOf(Units.Hidden, unit =>
            {
                PtxInt row = writer.MultiplyAdd(position, PtxWriter.Number(Units.Gates * Units.Hidden), unit, "inputRow");
                var code = new PtxCode(writer);
                for (int gate = 0; gate < Units.Gates; gate++)
                {
                    PtxInt ofGate = writer.Add(unit, PtxWriter.Number(gate * Units.Hidden), "ofGate");
                    code.With($"input{gate}", writer.Element(products,
                        writer.Add(row, PtxWriter.Number(gate * Units.Hidden), "inputPlace"), "input"));
                    code.With($"product{gate}", StateProducts.Product(writer, weights, bias, ofGate, state, Units.Features));
                }
                if (cell is not null)
                    code.With("state", StateProducts.At(writer, cell, unit, "before"));
                else if (Units.Cell == RecurrentCell.GRU)
                    code.With("state", StateProducts.At(writer, state, unit, "before"));
                IReadOnlyList<PtxFloat> results = code.Run(Program(), "gate");
                StateProducts.Put(writer, next, unit, results[0]);
                if (cell is not null)
                    StateProducts.Put(writer, cell, unit, results[1]);
                if (cells is not null)
                    StateProducts.ToRow(writer, cells, position, Units.Hidden, unit, results[1]);
                if (units is not null)
                    StateProducts.ToRow(writer, units, position, Units.Hidden, unit, results[0]);
                if (gates is not null)
                    KeepGates(writer, gates, position, Units.Hidden, unit, results.Skip(IsLSTM ? 2 : 1));
            });
            writer.Barrier();
            EachOf(Units.Features, feature =>
            {
                if (previous is not null)
                {
                    StateProducts.ToRow(
                        writer, previous, position, Units.Features, feature, StateProducts.At(writer, state, feature, "previous"));
                }
                PtxFloat value = projection is null ? writer.LoadShared(writer.SharedAddress(next, feature, "nextAt"), 0, 1, "value")[0]
                    : StateProducts.Product(writer, projection, null, feature, next, Units.Hidden);
                writer.StoreShared(writer.SharedAddress(state, feature, "stateAt"), 0, value);
                PtxInt place = writer.MultiplyAdd(position, PtxWriter.Number(Units.Features), feature, "statePlace");
                writer.Store(writer.ElementAddress(states, place, "stateTo"), value);
            });
            writer.Barrier();
        });
        if (hasLengths)
        {
            writer.Comment("Zeros where the sample has no positions.");
            Clear(writer, EachOf, states, first, count, positions, Units.Features);
            Clear(writer, EachOf, first, count, positions, (cells, Units.Hidden), (previous, Units.Features),
                (gates, Units.SavedGates * Units.Hidden), (units, Units.Hidden));
        }
        return writer.Render();
    }

    private static PtxLong? Port(PtxWriter writer, int? port, string name) => port is null ? null : writer.Pointer(name);

    /// <summary>Stores what the backward pass reads of a unit, one gate behind the other.</summary>
    public static void KeepGates(PtxWriter writer, PtxLong gates, PtxInt position, int hidden, PtxInt unit, IEnumerable<PtxFloat> values)
    {
        PtxFloat[] all = [.. values];
        PtxInt row = writer.MultiplyAdd(position, PtxWriter.Number(all.Length * hidden), unit, "gateRow");
        for (int gate = 0; gate < all.Length; gate++)
            writer.Store(writer.ElementAddress(gates, writer.Add(row, PtxWriter.Number(gate * hidden), "gatePlace"), "gateTo"), all[gate]);
    }

    /// <summary>Writes zeros behind a sample's last position.</summary>
    public static void Clear(PtxWriter writer, Action<int, Action<PtxInt>> eachOf, PtxLong rows, PtxInt first, PtxInt count, int positions,
        int features) => eachOf(features, feature => writer.For("behind", count, PtxWriter.Number(positions), 1, position =>
    {
        PtxInt place = writer.MultiplyAdd(writer.Add(first, position, "row"), PtxWriter.Number(features), feature, "place");
        writer.Store(writer.ElementAddress(rows, place, "to"), PtxWriter.Number(0f));
    }));

    /// <summary>The same of several values, as far as there are such.</summary>
    public static void Clear(PtxWriter writer, Action<int, Action<PtxInt>> eachOf, PtxInt first, PtxInt count, int positions,
        params (PtxLong? Rows, int Features)[] values)
    {
        foreach ((PtxLong? rows, int features) in values)
        {
            if (rows is not null)
                Clear(writer, eachOf, rows, first, count, positions, features);
        }
    }

    /// <summary>States before the first step: those given, or zeros.</summary>
    public static void Begin(
        PtxWriter writer, Action<int, Action<PtxInt>> eachOf, PtxInt shared, PtxLong? initial, PtxInt sample, int length)
        => eachOf(length, i =>
        {
            PtxFloat value = initial is null ? writer.Variable(PtxWriter.Number(0f), "zero")
                : writer.Element(initial, writer.MultiplyAdd(sample, PtxWriter.Number(length), i, "initialPlace"), "value");
            writer.StoreShared(writer.SharedAddress(shared, i, "initialTo"), 0, value);
        });

    private ElementProgram Program()
    {
        ElementValue[] inputs = Gates("input"), products = Gates("product");
        ElementValue state = ElementValue.Named("state");
        return Units.Cell switch
        {
            RecurrentCell.LSTM => RecurrentFunctions.LSTM(inputs, products, state),
            RecurrentCell.GRU => RecurrentFunctions.GRU(inputs, products, state),
            _ => RecurrentFunctions.Plain(Units.Cell == RecurrentCell.ReLU, inputs[0], products[0]),
        };
    }

    private ElementValue[] Gates(string stem) => [.. Enumerable.Range(0, Units.Gates).Select(gate => ElementValue.Named($"{stem}{gate}"))];
}
