using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Functions.Activations;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The steps of a recurrent layer, over blocks of samples: in each step the product of the block's states with the recurrent weights, which
/// stay in L2, then the cells of all units, then, where the states are products of the units, those. Each sample is computed by itself, and
/// so has the same bits whatever stands beside it.
/// </summary>
internal sealed class RecurrentKernels(RecurrentGeometry g)
{
    private readonly RecurrentLoops _loops = new(g) { KeepsOrder = g.HasInitial || g.HasInitialCell };

    private RecurrentRows Units => new("units", 0, g.Hidden);

    private RecurrentRows States => new("state", g.States, g.Units.Features);

    private RecurrentRows StateGradients => new("state", g.StateGradients, g.Units.Features);

    private RecurrentRows Second => new("second", g.Cells, g.Hidden);

    private RecurrentRows InitialCells => new("initialCells", g.InitialCells, g.Hidden);

    private RecurrentRows Products => new("products", g.Products, g.Gates * g.Lanes);

    private RecurrentRows ProductGradients => new("products", g.ProductGradients, g.Gates * g.Lanes);

    /// <param name="cells">
    /// Where cell states go that someone reads; likewise the states before each position, the gates, and the units of projected states.
    /// </param>
    public Kernel Forward(string name, string summary, bool hasBias, Layout input, Layout states, Layout? cells, Layout? previous,
        Layout? gates, Layout? units)
    {
        RecurrentStream[] streams = RecurrentStream.Of(("input", input), ("states", states), ("cells", cells), ("previous", previous),
            ("gates", gates), ("units", units)), ofCells = OfCells(streams);
        Kernel product = StepProduct(name, summary, hasBias), cell = Cell(name + "Cell", $"{summary} Cells of a step.", ofCells);
        Kernel? projection = Projection(name, summary, isBackward: false);
        return new Kernel(name, summary, _loops.Remarks(streams),
            [
                .. streams.Select(stream => Floats(stream.Name)), .. If(g.HasInitial, Floats("initial")),
                .. If(g.HasInitialCell, Floats("initialCell")), .. If(g.HasLengths, Ints("starts")), Floats("weights"),
                .. If(hasBias, Floats("bias")), .. If(g.IsProjected, Floats("projection")), Floats("scratch"), Samples,
            ],
            (writer, _, names) => _loops.EmitBlocks(writer, Carried(States, g.HasCells), isBackward: false, () =>
            {
                writer.Line($"{names.Use(product)}({States.At}, weights, {(hasBias ? "bias, " : "")}{Products.At}, {_loops.Active});");
                writer.Line(_loops.Call(names.Use(cell), ofCells));
                if (projection is null)
                    return;
                EmitCopies(writer, streams, "previous");
                writer.Line($"{names.Use(projection)}({Units.At}, projection, {States.At}, {_loops.Active});");
                EmitCopies(writer, streams, "states");
            }, begin: () =>
            {
                if (g.HasInitial)
                    _loops.EmitToRows(writer, "initial", States);
                if (g.HasInitialCell)
                    _loops.EmitToRows(writer, "initialCell", Second);
            }))
        {
            IsHot = false,
            TakesAllSamples = true,
        };
    }

    /// <summary>
    /// The steps of one sequence that goes on: each sample is a step, and what is working memory elsewhere is kept from call to call.
    /// </summary>
    public Kernel Steps(string name, string summary, bool hasBias, Layout input, Layout states, Layout? cells)
    {
        RecurrentStream[] streams = RecurrentStream.Of(("input", input), ("states", states), ("cells", cells)), ofCells = OfCells(streams);
        Kernel product = StepProduct(name, summary, hasBias), cell = Cell(name + "Cell", $"{summary} Cells of a step.", ofCells);
        Kernel? projection = Projection(name, summary, isBackward: false);
        return new Kernel(name, summary, "Each sample is a step from the state that the one before has left.",
            [
                .. streams.Select(stream => Floats(stream.Name)), Floats("weights"), .. If(hasBias, Floats("bias")),
                .. If(g.IsProjected, Floats("projection")), Floats("state"), Samples,
            ],
            (writer, _, names) =>
            {
                string advance = Elementwise.Advance(streams.Select(stream => (stream.Name, stream.Layout)));
                string ofBias = hasBias ? "bias, " : "", before = Literals.Plus("state", g.States);
                using (writer.Block($"for (int n = 0; n < samples; n++, {advance})"))
                {
                    writer.Line($"{names.Use(product)}({before}, weights, {ofBias}{Literals.Plus("state", g.Products)}, 1);");
                    writer.Line($"{names.Use(cell)}({string.Join(", ", ofCells.Select(stream => stream.Name))}, state, 1);");
                    if (projection is null)
                        return;
                    writer.Line($"{names.Use(projection)}(state, projection, {before}, 1);");
                    string length = Literals.Int(States.Lanes);
                    writer.Line($"new ReadOnlySpan<float>({before}, {length}).CopyTo(new Span<float>(states, {length}));");
                }
            })
        {
            IsHot = false,
            TakesAllSamples = true,
        };
    }

    /// <param name="stateGradient">
    /// Null where nothing reads the states but the next steps; likewise <paramref name="cellGradient"/>.
    /// </param>
    /// <param name="saved">Gates and cell states, gates and states before each position, or states.</param>
    /// <param name="ofState">
    /// Where the gradient of the state's products goes, if it is another than the input's; likewise that of projected states.
    /// </param>
    public Kernel Gradient(string name, string summary, Layout? stateGradient, Layout? cellGradient, IReadOnlyList<Layout> saved,
        Layout output, Layout? ofState, Layout? ofProjected)
    {
        string[] names = g.Cell switch
        {
            RecurrentCell.LSTM => ["gates", "cells"],
            RecurrentCell.GRU => ["gates", "previous"],
            _ => ["states"],
        };
        RecurrentStream[] streams = RecurrentStream.Of([("stateGradient", stateGradient), ("cellGradient", cellGradient),
            .. names.Zip(saved, (own, layout) => (own, (Layout?)layout)), ("inputGradient", output), ("ofState", ofState),
            ("ofProjected", ofProjected)]), ofCells = OfCells(streams);
        var geometry = new LinearKernels.Geometry
        {
            InFeatures = g.Gates * g.Lanes,
            OutFeatures = g.Units.Features,
            InputStride = g.ProductStride,
            OutputStride = g.StateStride,
        };
        Kernel product = LinearKernels.Create(name + "Product", $"{summary} Products of a step.", geometry, false, null, null),
            cell = CellGradient(name + "Cell", $"{summary} Cells of a step.", ofCells);
        Kernel? projection = Projection(name, summary, isBackward: true);
        return new Kernel(name, summary, _loops.Remarks(streams),
            [
                .. streams.Select(stream => Floats(stream.Name)), .. If(g.HasInitialCell, Floats("initialCell")),
                .. If(g.HasInitial, Floats("initialGradient")), .. If(g.HasInitialCell, Floats("initialCellGradient")),
                .. If(g.HasLengths, Ints("starts")), Floats("weights"), .. If(g.IsProjected, Floats("projection")), Floats("scratch"),
                Samples,
            ],
            (writer, isa, kernels) => _loops.EmitBlocks(writer, Carried(StateGradients, g.HasBypass), isBackward: true, () =>
            {
                string isFirst = g.HasCells ? ", step == 0" : "";
                if (projection is not null)
                {
                    EmitProjected(writer, isa, streams);
                    writer.Line($"{kernels.Use(projection)}({StateGradients.At}, projection, {Units.At}, {_loops.Active});");
                }
                writer.Line(_loops.Call(kernels.Use(cell), ofCells, isFirst));
                string back = $"{kernels.Use(product)}({ProductGradients.At}, weights, {StateGradients.At}, {_loops.Active});";
                if (g.HasInitial)
                {
                    writer.Line(back);
                    return;
                }
                writer.Line("if (step > 0)");
                using (writer.Indent())
                    writer.Line(back);
            }, begin: !g.HasInitialCell ? null : () => _loops.EmitToRows(writer, "initialCell", InitialCells), end: () =>
            {
                RecurrentRows[] ofState = g.Cell == RecurrentCell.GRU ? [StateGradients, Second] : [StateGradients];
                if (g.HasInitial)
                    _loops.EmitFromRows(writer, isa, "initialGradient", ofState);
                if (g.HasInitialCell)
                    _loops.EmitFromRows(writer, isa, "initialCellGradient", Second);
            }))
        {
            IsHot = false,
            TakesAllSamples = true,
        };
    }

    /// <summary>The states' products with the recurrent weights.</summary>
    private Kernel StepProduct(string name, string summary, bool hasBias)
    {
        var geometry = new LinearKernels.Geometry
        {
            InFeatures = g.Units.Features,
            OutFeatures = g.Gates * g.Lanes,
            InputStride = g.StateStride,
            OutputStride = g.ProductStride,
        };
        return LinearKernels.Create(name + "Product", $"{summary} Products of a step.", geometry, hasBias, null, null);
    }

    /// <summary>
    /// The states as products of the units, or the units' gradients as products of the states'; null where they are the same.
    /// </summary>
    private Kernel? Projection(string name, string summary, bool isBackward)
    {
        if (!g.IsProjected)
            return null;
        (int features, int stride) states = (g.Units.Features, g.StateStride), units = (g.Hidden, g.UnitStride),
            from = isBackward ? states : units, to = isBackward ? units : states;
        var geometry = new LinearKernels.Geometry
        {
            InFeatures = from.features,
            OutFeatures = to.features,
            InputStride = from.stride,
            OutputStride = to.stride,
        };
        return LinearKernels.Create(name + "Projection", $"{summary} Projection of a step.", geometry, hasBias: false, null, null);
    }

    /// <summary>What the kernel of the cells reads and gives: projected states are none of it.</summary>
    private RecurrentStream[] OfCells(RecurrentStream[] streams)
        => g.IsProjected
            ? [.. streams.Where(stream => stream.Name is not ("states" or "previous" or "stateGradient" or "ofProjected"))] : streams;

    /// <summary>Copies the states in working memory to their place in a value, where there is one of the name.</summary>
    private void EmitCopies(SourceWriter writer, IReadOnlyList<RecurrentStream> streams, string name)
    {
        if (streams.FirstOrDefault(stream => stream.Name == name) is not { } stream)
            return;
        string length = Literals.Int(States.Lanes), to = _loops.OfRow(stream, isBackward: false, hasPassed: true);
        _loops.EmitRows(writer, () =>
            writer.Line($"new ReadOnlySpan<float>({States.OfRow}, {length}).CopyTo(new Span<float>({to}, {length}));"));
    }

    /// <summary>Adds to the gradients of projected states what comes from others than the next step, and keeps them.</summary>
    private void EmitProjected(SourceWriter writer, VectorIsa isa, IReadOnlyList<RecurrentStream> streams)
    {
        bool isRead = Has(streams, "stateGradient");
        _loops.EmitRows(writer, () =>
        {
            string given = isRead ? $", own = {Of("stateGradient")}" : "";
            writer.Line($"float* all = {StateGradients.OfRow}, kept = {Of("ofProjected")}{given};");
            using (writer.Block($"for (int i = 0; i < {Literals.Int(StateGradients.Lanes)}; i += {Literals.Int(isa.Lanes)})"))
            {
                string all = isa.Load("all + i");
                writer.Line($"{isa.Type} sum = {(isRead ? $"{all} + {isa.Load("own + i")}" : all)};");
                if (isRead)
                    writer.Line(isa.Store("sum", "all + i"));
                writer.Line(isa.Store("sum", "kept + i"));
            }
        });

        string Of(string name) => _loops.OfRow(streams.First(stream => stream.Name == name), isBackward: true, hasPassed: false);
    }

    private static string Scratch(int offset) => Literals.Plus("scratch", offset);

    /// <summary>Where what goes on from step to step begins.</summary>
    private RecurrentRows[] Carried(RecurrentRows states, bool hasSecond) => hasSecond ? [states, Second] : [states];

    /// <summary>One step's cells: all units of all samples of a block.</summary>
    private Kernel Cell(string name, string summary, IReadOnlyList<RecurrentStream> streams)
        => new(name, summary, $"{Literals.Int(g.Lanes)} units with their padding; what pads them stays zero.",
            [.. streams.Select(stream => Floats(stream.Base)), .. If(g.HasLengths, Ints("places")), Floats("scratch"), Int("rows")],
            (writer, isa, names) =>
        {
            _loops.EmitUnits(writer, isa, streams, isBackward: false, () =>
            {
                var vectors = new VectorCode(isa, names);
                ElementValue[] inputs = Gates(vectors, "input", g.Gates), products = Gates(vectors, "products", g.Gates);
                ElementValue state = vectors.Load("scratch + i"), cell = vectors.Load($"{Scratch(g.Cells)} + i");
                ElementProgram program = g.Cell switch
                {
                    RecurrentCell.LSTM => RecurrentFunctions.LSTM(inputs, products, cell),
                    RecurrentCell.GRU => RecurrentFunctions.GRU(inputs, products, state),
                    _ => RecurrentFunctions.Plain(g.Cell == RecurrentCell.ReLU, inputs[0], products[0]),
                };
                vectors.Write(writer, program);
                string[] results = [.. program.Results.Select(result => vectors.Text(new ElementValue(result)))];
                if (Has(streams, "previous"))
                    writer.Line(isa.Store(isa.Load("scratch + i"), "previous + i"));
                writer.Line($"{isa.Type} h = {results[0]};");
                writer.Line(isa.Store("h", "scratch + i"));
                foreach (RecurrentStream given in streams.Where(stream => stream.Name is "states" or "units"))
                    writer.Line(isa.Store("h", $"{given.Name} + i"));
                if (g.HasCells)
                    writer.Line(isa.Store(results[1], $"{Scratch(g.Cells)} + i"));
                if (Has(streams, "cells"))
                    writer.Line(isa.Store(results[1], "cells + i"));
                if (Has(streams, "gates"))
                    EmitGates(writer, isa, "gates", results.Skip(g.HasCells ? 2 : 1));
            }, Products);
        });

    /// <summary>Back through one step's cells.</summary>
    private Kernel CellGradient(string name, string summary, IReadOnlyList<RecurrentStream> streams)
        => new(name, summary, $"{Literals.Int(g.Lanes)} units with their padding; what pads them stays zero.",
            [
                .. streams.Select(stream => Floats(stream.Base)), .. If(g.HasLengths, Ints("places")), Floats("scratch"),
                .. If(g.HasCells, Bool("isFirst")), Int("rows"),
            ],
            (writer, isa, names) =>
        {
            _loops.EmitUnits(writer, isa, streams, isBackward: true, () =>
            {
                var vectors = new VectorCode(isa, names);
                ElementValue gradient = vectors.Load("scratch + i"), bypass = vectors.Load($"{Scratch(g.Cells)} + i");
                if (Has(streams, "stateGradient"))
                    gradient += vectors.Load("stateGradient + i");
                if (g.HasCells)
                    EmitCellBefore(writer, isa, streams.First(stream => stream.Name == "cells"));
                ElementProgram program = g.Cell switch
                {
                    RecurrentCell.LSTM => RecurrentFunctions.LSTMGradient(Gates(vectors, "gates", 4), vectors.Load("cells + i"),
                        ElementValue.Named("before"), gradient,
                        Has(streams, "cellGradient") ? bypass + vectors.Load("cellGradient + i") : bypass),
                    RecurrentCell.GRU => RecurrentFunctions.GRUGradient(
                        Gates(vectors, "gates", 4), vectors.Load("previous + i"), gradient + bypass),
                    _ => RecurrentFunctions.PlainGradient(g.Cell == RecurrentCell.ReLU, gradient, vectors.Load("states + i")),
                };
                vectors.Write(writer, program);
                string[] results = [.. program.Results.Select(result => vectors.Text(new ElementValue(result)))];
                EmitGradients(writer, isa, results);
                if (g.HasBypass)
                    writer.Line(isa.Store(results[results.Length - 1], $"{Scratch(g.Cells)} + i"));
            }, g.HasInitialCell ? [ProductGradients, InitialCells] : [ProductGradients]);
        });

    private static bool Has(IReadOnlyList<RecurrentStream> streams, string name) => streams.Any(stream => stream.Name == name);

    /// <summary>The cell state before the step: before the first that which is given, or none.</summary>
    private void EmitCellBefore(SourceWriter writer, VectorIsa isa, RecurrentStream cells)
        => writer.Line($"{isa.Type} before = isFirst ? {(g.HasInitialCell ? isa.Load("initialCells + i") : isa.Zero)} : "
            + $"{isa.Load($"cells {(g.IsReverse ? "+" : "-")} {Literals.Int(cells.Row)} + i")};");

    /// <summary>Stores the gradients of a unit's products, for the weights and for the product with them.</summary>
    private void EmitGradients(SourceWriter writer, VectorIsa isa, IReadOnlyList<string> results)
    {
        for (int gate = 0; gate < g.Gates; gate++)
        {
            string variable = "gradient" + Literals.Int(gate), at = Literals.Plus("", gate * g.Lanes) + " + i";
            writer.Line($"{isa.Type} {variable} = {results[gate]};");
            writer.Line(isa.Store(variable, $"inputGradient{at}"));
            if (g.Cell == RecurrentCell.GRU)
            {
                // Of the reset gate's product, which it multiplies.
                string ofState = gate == 2 ? results[3] : variable;
                writer.Line(isa.Store(ofState, $"ofState{at}"));
                writer.Line(isa.Store(ofState, $"products{at}"));
                continue;
            }
            writer.Line(isa.Store(variable, $"products{at}"));
        }
    }

    private void EmitGates(SourceWriter writer, VectorIsa isa, string pointer, IEnumerable<string> values)
    {
        int gate = 0;
        foreach (string value in values)
            writer.Line(isa.Store(value, Literals.Plus(pointer, gate++ * g.Lanes) + " + i"));
    }

    /// <summary>A unit's gates.</summary>
    private ElementValue[] Gates(VectorCode vectors, string pointer, int count)
        => [.. Enumerable.Range(0, count).Select(gate => vectors.Load(Literals.Plus(pointer, gate * g.Lanes) + " + i"))];
}
