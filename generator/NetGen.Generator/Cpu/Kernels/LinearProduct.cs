using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>The product of samples with a layer's weights, and what is fused with it.</summary>
internal sealed class LinearProduct(
    string name, string summary, LinearKernels.Geometry g, bool hasBias, Activation? activation, (Activation Kind, long Stride)? mask)
{
    /// <summary>
    /// Vectors that a worker computes at a time of a single sample: as many sums as multiply-adds are under way at once, and whole blocks
    /// of 16 features.
    /// </summary>
    private const int PartVectors = 4;

    /// <summary>Elements of weights that the first-level cache does not hold beside what else a tile reads.</summary>
    private const long FarFromRegisters = 8 * 1024;

    /// <summary>
    /// How samples are covered by tiles, largest first; what is left of a batch goes to the smaller ones. With few output features a
    /// single sample has fewer accumulators than multiply-adds are under way at once, so that each is made of several sums.
    /// </summary>
    private sealed record Tiling(IReadOnlyList<(int Samples, int Vectors)> Tiles, int Chains)
    {
        public static Tiling For(VectorIsa isa, LinearKernels.Geometry g) => (isa.Registers, g.Vectors(isa)) switch
        {
            (32, 1) => new Tiling([(6, 1), (2, 1), (1, 1)], 4),
            (32, 2) => new Tiling([(3, 2), (1, 2)], 4),
            (32, _) => new Tiling([(8, 3), (4, 3), (1, 8)], 1),
            (_, <= 2) => new Tiling([(3, 2), (1, 2)], 2),
            _ => new Tiling([(6, 2), (3, 2), (1, 8)], 1),
        };
    }

    /// <summary>An activation that is left to a sweep over the rows just computed.</summary>
    private Activation? LateActivation => Epilogue.IsInRegister(activation) ? null : activation;

    private Activation? ActivationInRegister => Epilogue.IsInRegister(activation) ? activation : null;

    /// <summary>The operands of the kernel and of its tiles.</summary>
    private KernelParameter[] Operands =>
    [
        Floats("input"), Weights("weights", g.Weights), .. If(hasBias, Floats("bias")), Floats("output"), .. If(mask is not null, Floats("saved")),
    ];

    public Kernel Create()
    {
        string format = g.Weights == WeightFormat.BFloat16 ? " in bfloat16" : "";
        string packed = $"Weights{format} packed [{Literals.Int(g.OutBlocks)}][{Literals.Int(g.InFeatures)}][16 outputs].";
        return new Kernel(name, summary, $"{packed} {Literals.Count(g.MultiplyAdds)} multiply-adds per sample.",
            [.. Operands, Samples], EmitDriver)
        {
            IsHot = false,
            TakesAllSamples = g.IsFar,
            // Only inference divides samples: nothing is masked there.
            Part = mask is not null ? null : new Kernel(name + "Part", summary, packed + " One sample, divided among workers.",
                [.. Operands, .. Share], EmitPart) { IsHot = false },
            Tile = isa => $"Tiles of {string.Join(", ", Tiling.For(isa, g).Tiles.Select(t => TileWords(isa, t.Samples, t.Vectors)))}.",
        };
    }

    private string TileWords(VectorIsa isa, int samples, int vectors)
        => $"{ConvolutionRows.Count(samples, "sample")} × {Literals.Int(Math.Min(vectors, g.Vectors(isa)) * isa.Lanes)} features";

    private void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        int allVectors = g.Vectors(isa);
        string start = "0";
        foreach ((int samples, int vectors) in Tiling.For(isa, g).Tiles)
        {
            List<TileRun> groups = TileShapes.GroupsWithoutSingle(allVectors, Math.Min(vectors, allVectors)).ToList();
            if (samples == 1)
            {
                writer.Line("// The samples that are left, one by one.");
                using (writer.Block($"for (int s = {start}; s < samples; s++)"))
                    groups.ForEach(group => EmitGroups(writer, isa, names, samples, group, loop: null));
                continue;
            }

            string size = Literals.Int(samples), end = "end" + size;
            bool fetches = Fetches(isa, samples);
            string reuse = groups.Sum(group => group.Count) == 1 ? ""
                : "; the weights of a group of features stay in the cache while all samples pass"
                    + (fetches ? ", and those of the next are fetched" : "");
            writer.Line($"// {size} samples at a time{reuse}.");
            writer.Line(start == "0" ? $"int {end} = samples / {size} * {size};"
                : $"int {end} = {start} + (samples - {start}) / {size} * {size};");
            if (fetches)
            {
                // The weights of a group in as many parts as there are tiles, to whole lines.
                string ofGroup = Literals.Int(g.ElementsOf(groups[0].Size * isa.Lanes)),
                    rest = Literals.Int(RegisterTile.LineOf(g.Weights) - 1);
                writer.Line($"int fetched = samples < {size} ? 0 : ({ofGroup} / (samples / {size}) + {rest}) & ~{rest};");
            }
            string loop = $"for (int s = {start}; s < {end}; s += {size})";
            groups.ForEach(group => EmitGroups(writer, isa, names, samples, group, loop));
            start = end;
        }
        if (LateActivation is { } late)
        {
            writer.Line($"// {late}, over the rows just computed.");
            using (writer.Block($"for (int row = 0; row < samples; row++, output += {Literals.Int(g.OutputStride)})"))
            {
                writer.Line($"{names.Use(Elementwise.ActivateRow(late))}(output, {Literals.Int(Layout.RoundUp(g.OutFeatures))});");
                if (!late.KeepsZero && g.Padding > 0)
                    EmitClearPadding(writer);
            }
        }
    }

    /// <summary>
    /// Tiles of the largest size fetch the weights of the next group, which mostly are in no near cache: those of a few layers are more
    /// than it holds.
    /// </summary>
    private bool Fetches(VectorIsa isa, int samples) => isa.HasPrefetch && samples == Tiling.For(isa, g).Tiles[0].Samples
        && g.WeightBlock * g.OutBlocks > FarFromRegisters && g.Vectors(isa) > Tiling.For(isa, g).Tiles[0].Vectors;

    /// <summary>Groups of vectors of output features, all of one size.</summary>
    /// <param name="loop">Head of the loop over samples, inside of that over groups; null where it is around both.</param>
    private void EmitGroups(SourceWriter writer, VectorIsa isa, KernelNames names, int samples, TileRun groups, string? loop)
    {
        int lanes = groups.Start * isa.Lanes, width = groups.Size * isa.Lanes;
        string weights = Literals.Plus("weights", g.ElementsOf(lanes)), offset = Literals.Plus("", lanes), ofGroup = "";
        using var scopes = new BlockStack(writer);
        if (groups.Count > 1)
        {
            scopes.Open($"for (int group = 0; group < {Literals.Int(groups.Count)}; group++)");
            ofGroup = " + " + TileShapes.OfGroup(width, g.WeightBlock);
            offset += $" + group * {Literals.Int(width)}";
        }
        if (loop is not null)
            scopes.Open(loop);
        var arguments = new List<string> { $"input + s * {Literals.Int(g.InputStride)}L", weights + ofGroup };
        if (hasBias)
            arguments.Add("bias" + offset);
        arguments.Add($"output + s * {Literals.Int(g.OutputStride)}L{offset}");
        if (mask is not null)
            arguments.Add($"saved + s * {Literals.Int(mask.Value.Stride)}L{offset}");
        if (Fetches(isa, samples))
            arguments.Add($"{Literals.Plus("weights", g.ElementsOf(lanes + width))}{ofGroup} + s / {Literals.Int(samples)} * fetched");
        writer.Line($"{names.Use(Tile(isa, samples, groups.Size))}({string.Join(", ", arguments)});");
    }

    /// <summary>One worker's share of a sample: groups of vectors of output features; those of the last group may be fewer.</summary>
    private void EmitPart(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        List<TileRun> groups = TileShapes.Groups(g.Vectors(isa), Math.Min(PartVectors, g.Vectors(isa))).ToList();
        int width = groups[0].Size * isa.Lanes, tasks = groups.Sum(group => group.Count);
        writer.Line($"// Tasks: {ConvolutionRows.Count(tasks, "group")} of up to {Literals.Int(width)} output features.");
        using (writer.Block(TaskShare.Loop(tasks, "group")))
        {
            if (groups.Count == 1)
            {
                EmitTask(groups[0].Size, "group");
                return;
            }
            writer.Line($"if (group < {Literals.Int(groups[0].Count)})");
            using (writer.Block())
                EmitTask(groups[0].Size, "group");
            using (writer.Block("else"))
                EmitTask(groups[1].Size, Literals.Int(groups[0].Count));
        }

        void EmitTask(int vectors, string group)
        {
            string output = $"output + {group} * {Literals.Int(width)}";
            var arguments = new List<string> { "input", $"weights + {group} * {Literals.Int(width / Layout.Block * g.WeightBlock)}" };
            if (hasBias)
                arguments.Add($"bias + {group} * {Literals.Int(width)}");
            arguments.Add(output);
            writer.Line($"{names.Use(Tile(isa, 1, vectors))}({string.Join(", ", arguments)});");
            if (LateActivation is not { } late)
                return;
            writer.Line($"{names.Use(Elementwise.ActivateRow(late))}({output}, {Literals.Int(vectors * isa.Lanes)});");
            if (!late.KeepsZero && g.Padding > 0)
            {
                writer.Line($"if (group == {Literals.Int(tasks - 1)})");
                using (writer.Indent())
                    EmitClearPadding(writer);
            }
        }
    }

    private void EmitClearPadding(SourceWriter writer)
        => writer.Line($"new Span<float>(output + {Literals.Int(g.OutFeatures)}, {Literals.Int(g.Padding)}).Clear();");

    private Kernel Tile(VectorIsa isa, int samples, int vectors)
    {
        string chains = Tiling.For(isa, g).Chains is > 1 and int sums ? $" of {Literals.Int(sums)} sums" : "";
        string fused = (hasBias ? " Bias fused." : "") + (ActivationInRegister is { } a ? $" {a} fused." : "")
            + (mask is null ? "" : $" Derivative of {mask.Value.Kind} fused.");
        return new Kernel($"{name}Tile{Literals.Int(samples)}x{Literals.Int(vectors)}", summary,
            $"Microkernel: {ConvolutionRows.Count(samples, "sample")} × {Literals.Int(vectors)} vectors of features, "
            + $"{Literals.Int(samples * vectors)} accumulators{chains}.{fused}",
            [.. Operands, .. If(Fetches(isa, samples), Weights("fetched", g.Weights))],
            (writer, _, names) => EmitTile(writer, isa, names, samples, vectors));
    }

    private void EmitTile(SourceWriter writer, VectorIsa isa, KernelNames names, int samples, int vectors)
    {
        var tile = new RegisterTile(samples, vectors)
        {
            Chains = Tiling.For(isa, g).Chains,
            RowOffset = s => s * g.InputStride,
            VectorOffset = v => Stride.OfVector(isa, v, g.WeightBlock),
            VectorFormat = g.Weights,
            Fetched = Fetches(isa, samples) ? "fetched" : null,
            UnrolledMultiplyAdds = names.SharesTiles ? RegisterTile.SharedUnrolledMultiplyAdds : RegisterTile.DefaultUnrolledMultiplyAdds,
        };
        writer.Line(hasBias ? "// Setup: the accumulators start from the bias." : "// Setup: the accumulators start from zero.");
        tile.EmitAccumulators(writer, isa, (_, v) => hasBias ? isa.Load(Literals.Plus("bias", v * isa.Lanes)) : isa.Zero);
        tile.EmitReductions(writer, isa, Reductions(tile.Chains));
        tile.EmitChainSums(writer);
        writer.Line("// Epilogue.");
        for (int s = 0; s < samples; s++)
        {
            for (int v = 0; v < vectors; v++)
            {
                string value = tile.Accumulator(s, v);
                if (ActivationInRegister is { } inRegister)
                    value = inRegister.Apply(isa, names, value);
                if (mask is { } m)
                {
                    string saved = isa.Load(Literals.Plus("saved", s * m.Stride + v * isa.Lanes));
                    value = $"({m.Kind.ApplyDerivative(isa, names, value, saved)})";
                }
                writer.Line(isa.Store(value, Literals.Plus("output", s * g.OutputStride + v * isa.Lanes)));
            }
        }
    }

    /// <summary>The sum over input features, of which those that make whole rounds of the chains come first.</summary>
    private IEnumerable<Reduction> Reductions(int chains)
    {
        int rest = g.InFeatures % chains, even = g.InFeatures - rest;
        string turns = chains == 1 ? "" : " Sums take turns, so that no multiply-add waits for the one before.";
        if (even > 0)
            yield return new Reduction([], even, 1, Layout.Block, $"Compute: {Literals.Int(even)} input features.{turns}");
        if (rest > 0)
        {
            string comment = $"{(even > 0 ? "Those that are left" : "Compute")}: {ConvolutionRows.Count(rest, "input feature")}.";
            yield return new Reduction([], rest, 1, Layout.Block, comment, even, (long)even * Layout.Block);
        }
    }
}
