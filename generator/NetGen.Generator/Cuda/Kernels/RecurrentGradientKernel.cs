using NetGen.Generator.Functions;
using NetGen.Generator.Functions.Activations;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// Back through the steps of a recurrent layer: a block for each sample. What flows back from step to step is in shared memory, and so are
/// the gradients of a step's products, from which the next one's come.
/// </summary>
/// <param name="positions">The most steps of a sample.</param>
/// <param name="hasLengths">Samples bring how many steps they have; behind them all is zero.</param>
internal sealed class RecurrentGradientKernel(RecurrentGradientOp op, int positions, bool hasLengths)
{
    private RecurrentUnits Units => op.Units;

    private bool IsLSTM => Units.Cell == RecurrentCell.LSTM;

    /// <summary>Something flows back from step to step besides the products' gradients.</summary>
    private bool HasBypass => Units.Cell is RecurrentCell.LSTM or RecurrentCell.GRU;

    private int Products => Units.Gates * Units.Hidden;

    public int Threads => Math.Min(256, (Math.Max(Units.Hidden, Units.Features) + 31) / 32 * 32);

    /// <summary>Whether a block's memory holds what flows back.</summary>
    public bool Fits => 4 * (Units.Features + (HasBypass ? Units.Hidden : 0) + Products) <= StateProducts.SharedLimit;

    /// <remarks>
    /// Its parameters are the inputs of the op, the lengths, weights and projection, then its outputs: the gradients of the inputs'
    /// products, of first states and first cell states, of projected states and of the states' products, as far as there are such.
    /// </remarks>
    public string Write(string name, string summary)
    {
        var writer = new PtxWriter(name, summary, Threads);
        PtxLong? Optional(bool isThere, string parameter) => isThere ? writer.Pointer(parameter) : null;
        var read = new Saved(Optional(op.HasStates, "stateGradient"), Optional(op.HasCells, "cellGradient"),
            Optional(HasBypass, "gates"), writer.Pointer(IsLSTM ? "cells" : Units.Cell == RecurrentCell.GRU ? "previous" : "states"),
            Optional(op.HasInitialCell, "initialCell"));
        PtxLong? lengths = Optional(hasLengths, "lengths");
        PtxLong weights = writer.Pointer("weights");
        PtxLong? projection = Optional(Units.IsProjected, "projection");
        PtxLong inputGradient = writer.Pointer("inputGradient");
        PtxLong? initialGradient = Optional(op.HasInitial, "initialGradient"), initialCellGradient = Optional(op.HasInitialCell,
            "initialCellGradient"), ofProjected = Optional(op.HasProjected, "projectedGradient"),
            ofStateProducts = Optional(op.HasStateProducts, "productGradient");
        PtxInt ofState = writer.Shared("ofState", Units.Features), ofProducts = writer.Shared("ofProducts", Products);
        PtxInt? bypass = HasBypass ? writer.Shared("bypass", Units.Hidden) : null;
        PtxInt thread = writer.Thread("thread"), sample = writer.Block("x", "sample");

        void EachOf(int count, Action<PtxInt> body) => StateProducts.EachOf(writer, count, thread, Threads, body);

        RecurrentKernel.Begin(writer, EachOf, ofState, null, sample, Units.Features);
        if (bypass is not null)
            RecurrentKernel.Begin(writer, EachOf, bypass, null, sample, Units.Hidden);
        PtxInt count = lengths is null ? PtxWriter.Number(positions)
            : writer.LoadInt(writer.ElementAddress(lengths, sample, "lengthAt"), "length");
        PtxInt last = writer.Subtract(count, PtxWriter.Number(1), "last");
        PtxInt first = writer.Multiply(sample, PtxWriter.Number(positions), "firstPosition");
        writer.Loop("back", count, 1, back =>
        {
            PtxInt position = writer.Add(first, op.IsReverse ? back : writer.Subtract(last, back, "inSample"), "position");
            PtxPredicate hasBefore = writer.Compare("lt", back, last, "hasBefore");
            if (ofProjected is not null)
            {
                EachOf(Units.Features, feature =>
                {
                    PtxFloat all = Given(writer, read.States, position, Units.Features, feature,
                        StateProducts.At(writer, ofState, feature, "ofNext"));
                    StateProducts.ToRow(writer, ofProjected, position, Units.Features, feature, all);
                    StateProducts.Put(writer, ofState, feature, all);
                });
                writer.Barrier();
            }
            EachOf(Units.Hidden, unit =>
            {
                // The gradient of the unit's value, from all who read it.
                PtxFloat gradient = projection is not null
                    ? StateProducts.Back(writer, projection, unit, Units.Hidden, ofState, Units.Features)
                    : Given(writer, read.States, position, Units.Features, unit, StateProducts.At(writer, ofState, unit, "ofNext"));
                IReadOnlyList<PtxFloat> results = Cell(writer, read, new Place(sample, position, unit, hasBefore), gradient,
                    bypass is null ? null : StateProducts.At(writer, bypass, unit, "passed"));
                KeepGradients(writer, (inputGradient, ofStateProducts, ofProducts), position, unit, results);
                if (bypass is not null)
                    StateProducts.Put(writer, bypass, unit, results[results.Count - 1]);
            });
            writer.Barrier();
            void Back() => EachOf(Units.Features, feature => StateProducts.Put(
                writer, ofState, feature, StateProducts.Back(writer, weights, feature, Units.Features, ofProducts, Products)));
            // Nobody asks for the gradient of a first state that is zero.
            if (op.HasInitial)
                Back();
            else
                writer.If(hasBefore, Back);
            writer.Barrier();
        });
        if (initialGradient is not null)
        {
            EachOf(Units.Features, feature =>
            {
                PtxFloat all = StateProducts.At(writer, ofState, feature, "ofFirst");
                if (Units.Cell == RecurrentCell.GRU)
                    all = writer.Add(all, StateProducts.At(writer, bypass!, feature, "passed"), "all");
                StateProducts.ToRow(writer, initialGradient, sample, Units.Features, feature, all);
            });
        }
        if (initialCellGradient is not null)
        {
            EachOf(Units.Hidden, unit => StateProducts.ToRow(
                writer, initialCellGradient, sample, Units.Hidden, unit, StateProducts.At(writer, bypass!, unit, "ofFirst")));
        }
        if (hasLengths)
        {
            writer.Comment("Zeros where the sample has no positions.");
            RecurrentKernel.Clear(writer, EachOf, first, count, positions,
                (inputGradient, Products), (ofStateProducts, Products), (ofProjected, Units.Features));
        }
        return writer.Render();
    }

    /// <summary>What the op reads.</summary>
    /// <param name="States">The gradients of the states from others than the next step; null where nobody else reads them.</param>
    /// <param name="Cells">The same of cell states.</param>
    /// <param name="Values">Cell states, states before each position, or states.</param>
    private sealed record Saved(PtxLong? States, PtxLong? Cells, PtxLong? Gates, PtxLong Values, PtxLong? InitialCell);

    /// <summary>A unit in a step.</summary>
    /// <param name="HasBefore">The step is not the first.</param>
    private sealed record Place(PtxInt Sample, PtxInt Position, PtxInt Unit, PtxPredicate HasBefore);

    /// <summary>A gradient with what is given of it.</summary>
    private static PtxFloat Given(PtxWriter writer, PtxLong? given, PtxInt position, int length, PtxInt index, PtxFloat gradient)
        => given is null ? gradient : writer.Add(gradient, StateProducts.OfRow(writer, given, position, length, index, "given"), "all");

    /// <summary>Back through the cell: the gradients of its products, and what flows on besides.</summary>
    private IReadOnlyList<PtxFloat> Cell(PtxWriter writer, Saved read, Place place, PtxFloat gradient, PtxFloat? passed)
    {
        int hidden = Units.Hidden;
        var code = new PtxCode(writer);
        for (int gate = 0; gate < Units.SavedGates; gate++)
        {
            PtxInt ofGate = writer.Add(place.Unit, PtxWriter.Number(gate * hidden), "ofGate");
            code.With($"gate{gate}", StateProducts.OfRow(writer, read.Gates!, place.Position, Units.SavedGates * hidden, ofGate, "gate"));
        }
        code.With("value", StateProducts.OfRow(writer, read.Values, place.Position, hidden, place.Unit, "value"));
        if (IsLSTM)
        {
            code.With("before", CellBefore(writer, read, place));
            code.With("passed", Given(writer, read.Cells, place.Position, hidden, place.Unit, passed!));
        }
        else if (passed is not null)
        {
            gradient = writer.Add(gradient, passed, "all");
        }
        code.With("gradient", gradient);
        ElementValue[] gates = [.. Enumerable.Range(0, Units.SavedGates).Select(gate => ElementValue.Named($"gate{gate}"))];
        ElementValue value = ElementValue.Named("value"), given = ElementValue.Named("gradient");
        return code.Run(Units.Cell switch
        {
            RecurrentCell.LSTM => RecurrentFunctions.LSTMGradient(
                gates, value, ElementValue.Named("before"), given, ElementValue.Named("passed")),
            RecurrentCell.GRU => RecurrentFunctions.GRUGradient(gates, value, given),
            _ => RecurrentFunctions.PlainGradient(Units.Cell == RecurrentCell.ReLU, given, value),
        }, "ofGate");
    }

    /// <summary>The cell state before the step: before the first that which is given, or none.</summary>
    private PtxFloat CellBefore(PtxWriter writer, Saved read, Place place)
    {
        PtxFloat before = writer.Variable(read.InitialCell is null ? PtxWriter.Number(0f)
            : StateProducts.OfRow(writer, read.InitialCell, place.Sample, Units.Hidden, place.Unit, "initial"), "before");
        writer.If(place.HasBefore, () =>
        {
            PtxInt position = writer.Add(place.Position, PtxWriter.Number(op.IsReverse ? 1 : -1), "positionBefore");
            writer.Set(before, StateProducts.OfRow(writer, read.Values, position, Units.Hidden, place.Unit, "stateBefore"));
        });
        return before;
    }

    /// <summary>Stores the gradients of a unit's products, for the weights and for the product with them.</summary>
    private void KeepGradients(PtxWriter writer, (PtxLong OfInput, PtxLong? OfState, PtxInt Products) to, PtxInt position, PtxInt unit,
        IReadOnlyList<PtxFloat> results)
    {
        for (int gate = 0; gate < Units.Gates; gate++)
        {
            PtxInt place = writer.Add(unit, PtxWriter.Number(gate * Units.Hidden), "productPlace");
            StateProducts.ToRow(writer, to.OfInput, position, Products, place, results[gate]);
            // Of a GRU's last product, which the reset gate multiplies.
            PtxFloat ofState = to.OfState is not null && gate == Units.Gates - 1 ? results[Units.Gates] : results[gate];
            if (to.OfState is not null)
                StateProducts.ToRow(writer, to.OfState, position, Products, place, ofState);
            StateProducts.Put(writer, to.Products, place, ofState);
        }
    }
}
