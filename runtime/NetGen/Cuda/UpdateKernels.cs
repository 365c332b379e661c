using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using NetGen.CompilerServices;

namespace NetGen.Cuda;

/// <summary>
/// The runtime's own kernels, which any network's trainer on a GPU needs: the optimisers' updates, sums of squared gradients, and the
/// adding of gradients. The updates are those of the processor, from the same source.
/// </summary>
internal sealed unsafe class UpdateKernels
{
    /// <summary>Elements of a block's stretch in an update.</summary>
    public const int UpdatesPerBlock = 1024;

    /// <summary>Elements whose squares one block sums.</summary>
    public const int SquaresPerBlock = 4096;

    /// <summary>The most elements of a launch that counts them in 32 bits.</summary>
    public const int MostElements = 1 << 30;

    private const int Threads = 256;

    private static readonly ConditionalWeakTable<CudaContext, UpdateKernels> s_loaded = [];
    private static readonly Lazy<byte[]> s_module = new(() => Encoding.UTF8.GetBytes(WriteModule()));

    private readonly CudaModule _module;
    private readonly CudaFunction[] _updates, _clippedUpdates;
    private readonly CudaFunction _squares, _add;

    private UpdateKernels(CudaContext context)
    {
        _module = new CudaModule(context, s_module.Value, "optimisers");
        UpdateRule[] rules = Enum.GetValues<UpdateRule>();
        _updates = [.. rules.Select(rule => _module.Find(Name(rule, clips: false)))];
        _clippedUpdates = [.. rules.Select(rule => _module.Find(Name(rule, clips: true)))];
        (_squares, _add) = (_module.Find("sum_squares"), _module.Find("add_gradients"));
    }

    /// <summary>The kernels on a GPU, as the driver has compiled them once for the process.</summary>
    /// <exception cref="CudaException">The driver refuses them.</exception>
    public static UpdateKernels Of(CudaContext context)
    {
        lock (s_loaded)
        {
            if (!s_loaded.TryGetValue(context, out UpdateKernels? known))
            {
                known = new UpdateKernels(context);
                s_loaded.Add(context, known);
            }
            return known;
        }
    }

    /// <summary>A step for the parameters of some stretches.</summary>
    /// <param name="stream">Where it is done.</param>
    /// <param name="rule">The formula.</param>
    /// <param name="clips">Gradients are clipped, in place, in front of it.</param>
    /// <param name="weights">The parameters.</param>
    /// <param name="gradients">Their gradients, at the same places.</param>
    /// <param name="states">What is remembered of them; three addresses, of which the formula uses as many as it has states.</param>
    /// <param name="numbers">The numbers of the step, one group's behind the other.</param>
    /// <param name="stretches">The stretches, one for each block.</param>
    /// <param name="count">How many stretches.</param>
    public void Update(CudaStream stream, UpdateRule rule, bool clips, ulong weights, ulong gradients, ReadOnlySpan<ulong> states,
        ulong numbers, ulong stretches, int count)
    {
        CudaFunction function = (clips ? _clippedUpdates : _updates)[(int)rule];
        stream.Launch(function, new CudaShape(count, 1, 1, Threads),
            [weights, gradients, states[0], states[1], states[2], numbers, stretches]);
    }

    /// <summary>Sums the squares of gradients of each of some stretches, each gradient moved into a limit before, in double.</summary>
    /// <param name="stream">Where it is done.</param>
    /// <param name="gradients">The gradients.</param>
    /// <param name="sums">Receives a sum for each stretch.</param>
    /// <param name="limit">The most that a gradient may be.</param>
    /// <param name="stretches">The stretches, one for each block.</param>
    /// <param name="count">How many stretches.</param>
    public void SumSquares(CudaStream stream, ulong gradients, ulong sums, float limit, ulong stretches, int count)
        => stream.Launch(_squares, new CudaShape(count, 1, 1, Threads),
            [gradients, sums, BitConverter.SingleToUInt32Bits(limit), stretches]);

    /// <summary>Adds gradients to sums.</summary>
    public void Add(CudaStream stream, ulong sums, ulong gradients, int count)
        => stream.Launch(_add, new CudaShape(CudaRecorder.Blocks(count, Threads), 1, 1, Threads), [sums, gradients, (uint)count]);

    /// <summary>The text of all of them.</summary>
    internal static string WriteModule()
    {
        var kernels = new List<string>();
        foreach (bool clips in (bool[])[false, true])
        {
            foreach (UpdateRule rule in Enum.GetValues<UpdateRule>())
                kernels.Add(WriteUpdate(rule, clips));
        }
        kernels.Add(WriteSquares());
        kernels.Add(WriteAdd());
        return ".version 7.8\n.target sm_80\n.address_size 64\n\n" + string.Join("\n", kernels);
    }

    private static string Name(UpdateRule rule, bool clips) => $"update_{rule}{(clips ? "_clipped" : "")}";

    private static string WriteUpdate(UpdateRule rule, bool clips) => rule switch
    {
        UpdateRule.Sgd => WriteUpdate<SgdUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<SgdStep>())),
        UpdateRule.Momentum => WriteUpdate<MomentumUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<SgdStep>())),
        UpdateRule.Nesterov => WriteUpdate<NesterovUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<SgdStep>())),
        UpdateRule.Adam => WriteUpdate<AdamUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<AdamStep>())),
        UpdateRule.Amsgrad => WriteUpdate<AmsgradUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<AdamStep>())),
        UpdateRule.Rms => WriteUpdate<RmsUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<RmsStep>())),
        UpdateRule.RmsMomentum => WriteUpdate<RmsMomentumUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<RmsStep>())),
        UpdateRule.RmsCentered => WriteUpdate<RmsCenteredUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<RmsStep>())),
        UpdateRule.Adagrad => WriteUpdate<AdagradUpdate<PtxLanes, PtxOperand>>(rule, clips, () => new(Numbers<AdagradStep>())),
        _ => throw new InvalidOperationException($"No kernel makes the update {rule}."),
    };

    private static string WriteUpdate<TUpdate>(UpdateRule rule, bool clips, Func<TUpdate> create)
        where TUpdate : struct, IUpdate<PtxOperand>
    {
        var text = new PtxText(Name(rule, clips), Threads);
        PtxOperand weights = text.Parameter("u64", "weights"), gradients = text.Parameter("u64", "gradients");
        PtxOperand[] states = [text.Parameter("u64", "first"), text.Parameter("u64", "second"), text.Parameter("u64", "third")];
        PtxOperand numbers = text.Parameter("u64", "numbers");
        (PtxOperand place, PtxOperand end, PtxOperand offset, PtxOperand group) = Stretch(text, text.Parameter("u64", "stretches"));
        PtxOperand own = text.Op("mul.wide.u32", "b64", group.Text, PtxText.Number(sizeof(float) * UpdateNumbers.Stride));
        text.Line($"add.u64 {numbers}, {numbers}, {own}");
        PtxOperand isBeyond = text.Op("setp.ge.u32", "pred", place.Text, end.Text);
        text.Line($"@{isBeyond} ret");
        PtxOperand[] places = [weights, gradients, .. states.AsSpan(0, TUpdate.States)];
        foreach (PtxOperand array in places)
            text.Line($"add.u64 {array}, {array}, {offset}");
        PtxLanes.Begin(text, numbers);
        TUpdate update = create();
        float limit = PtxLanes.NumberAt(UpdateNumbers.Limit), scale = PtxLanes.NumberAt(UpdateNumbers.Scale);
        PtxOperand lower = clips ? PtxLanes.Create(-limit) : default, upper = clips ? PtxLanes.Create(limit) : default,
            factor = clips ? PtxLanes.Create(scale) : default;
        text.Label("NEXT");
        PtxOperand weight = Load(text, weights), gradient = Load(text, gradients);
        var values = new PtxOperand[states.Length];
        for (int i = 0; i < TUpdate.States; i++)
            values[i] = Load(text, states[i]);
        if (clips)
        {
            gradient = OptimizerKernels.Clip<PtxLanes, PtxOperand>(gradient, lower, upper, factor);
            text.Line($"st.global.f32 [{gradients}], {gradient}");
        }
        weight = update.Apply(weight, gradient, ref values[0], ref values[1], ref values[2]);
        for (int i = 0; i < TUpdate.States; i++)
            text.Line($"st.global.f32 [{states[i]}], {values[i]}");
        text.Line($"st.global.f32 [{weights}], {weight}");
        foreach (PtxOperand array in places)
            text.Line($"add.u64 {array}, {array}, {PtxText.Number(sizeof(float) * Threads)}");
        text.Line($"add.u32 {place}, {place}, {PtxText.Number(Threads)}");
        PtxOperand isWithin = text.Op("setp.lt.u32", "pred", place.Text, end.Text);
        text.Line($"@{isWithin} bra NEXT");
        return text.Render();
    }

    // A formula's numbers: what stands for those that the kernel loads.
    private static TStep Numbers<TStep>()
        where TStep : unmanaged
    {
        Span<float> places = stackalloc float[UpdateNumbers.Stride - UpdateNumbers.First];
        for (int i = 0; i < places.Length; i++)
            places[i] = PtxLanes.NumberAt(UpdateNumbers.First + i);
        return UpdateNumbers.Read<TStep>(places);
    }

    private static string WriteSquares()
    {
        const int DoubleBytes = sizeof(double);
        var text = new PtxText("sum_squares", Threads);
        PtxOperand gradients = text.Parameter("u64", "gradients"), sums = text.Parameter("u64", "sums"),
            limit = text.Parameter("f32", "limit");
        (PtxOperand place, PtxOperand end, PtxOperand offset, _) = Stretch(text, text.Parameter("u64", "stretches"));
        PtxOperand block = text.Op("mov.u32", "b32", "%ctaid.x"), thread = text.Op("mov.u32", "b32", place.Text);
        PtxLanes.Begin(text, default);
        PtxOperand lower = text.Op("neg.f32", "f32", limit.Text);
        text.Line($"add.u64 {gradients}, {gradients}, {offset}");
        PtxOperand sum = text.Op("mov.f64", "f64", "0d0000000000000000");
        text.Label("NEXT");
        PtxOperand isBeyond = text.Op("setp.ge.u32", "pred", place.Text, end.Text);
        text.Line($"@{isBeyond} bra SUMMED");
        PtxOperand gradient = PtxLanes.Min(limit, PtxLanes.Max(lower, Load(text, gradients)));
        PtxOperand wide = text.Op("cvt.f64.f32", "f64", gradient.Text);
        text.Line($"fma.rn.f64 {sum}, {wide}, {wide}, {sum}");
        text.Line($"add.u64 {gradients}, {gradients}, {PtxText.Number(sizeof(float) * Threads)}");
        text.Line($"add.u32 {place}, {place}, {PtxText.Number(Threads)}");
        text.Line("bra NEXT");
        text.Label("SUMMED");
        PtxOperand parts = text.Shared("parts", Threads * DoubleBytes);
        PtxOperand own = text.Op("mad.lo.u32", "b32", thread.Text, PtxText.Number(DoubleBytes), parts.Text);
        text.Line($"st.shared.f64 [{own}], {sum}");
        // Pairs, then pairs of pairs: an order that is the same on every run.
        for (int distance = Threads / 2; distance > 0; distance /= 2)
        {
            string rest = PtxText.Number(distance);
            text.Line("bar.sync 0");
            PtxOperand rests = text.Op("setp.ge.u32", "pred", thread.Text, rest);
            text.Line($"@{rests} bra ADDED_{rest}");
            PtxOperand other = text.Op("ld.shared.f64", "f64", $"[{own}+{PtxText.Number(distance * DoubleBytes)}]");
            text.Line($"add.rn.f64 {sum}, {sum}, {other}");
            text.Line($"st.shared.f64 [{own}], {sum}");
            text.Label($"ADDED_{rest}");
        }
        PtxOperand isOther = text.Op("setp.ne.u32", "pred", thread.Text, "0");
        text.Line($"@{isOther} ret");
        PtxOperand sumOffset = text.Op("mul.wide.u32", "b64", block.Text, PtxText.Number(DoubleBytes));
        text.Line($"st.global.f64 [{text.Op("add.u64", "b64", sums.Text, sumOffset.Text)}], {sum}");
        return text.Render();
    }

    private static string WriteAdd()
    {
        var text = new PtxText("add_gradients", Threads);
        PtxOperand sums = text.Parameter("u64", "sums"), gradients = text.Parameter("u64", "gradients");
        PtxOperand count = text.Parameter("u32", "count");
        PtxOperand block = text.Op("mov.u32", "b32", "%ctaid.x"), thread = text.Op("mov.u32", "b32", "%tid.x");
        PtxOperand place = text.Op("mad.lo.u32", "b32", block.Text, PtxText.Number(Threads), thread.Text);
        PtxOperand isBeyond = text.Op("setp.ge.u32", "pred", place.Text, count.Text);
        text.Line($"@{isBeyond} ret");
        PtxOperand offset = text.Op("mul.wide.u32", "b64", place.Text, PtxText.Number(sizeof(float)));
        text.Line($"add.u64 {sums}, {sums}, {offset}");
        text.Line($"add.u64 {gradients}, {gradients}, {offset}");
        PtxLanes.Begin(text, default);
        PtxOperand sum = PtxLanes.Add(Load(text, sums), Load(text, gradients));
        text.Line($"st.global.f32 [{sums}], {sum}");
        return text.Render();
    }

    // The thread's first element in its block's stretch, and how many elements that has; where the element lies, in bytes; the group.
    private static (PtxOperand Place, PtxOperand End, PtxOperand Offset, PtxOperand Group) Stretch(PtxText text, PtxOperand stretches)
    {
        PtxOperand block = text.Op("mov.u32", "b32", "%ctaid.x"), place = text.Op("mov.u32", "b32", "%tid.x");
        PtxOperand entry = text.Op("mul.wide.u32", "b64", block.Text, PtxText.Number(sizeof(UpdateStretch)));
        text.Line($"add.u64 {entry}, {entry}, {stretches}");
        PtxOperand start = text.Op("ld.global.u64", "b64", $"[{entry}]");
        PtxOperand end = text.Op("ld.global.u32", "b32", $"[{entry}+8]"), group = text.Op("ld.global.u32", "b32", $"[{entry}+12]");
        PtxOperand own = text.Op("cvt.u64.u32", "b64", place.Text);
        text.Line($"add.u64 {start}, {start}, {own}");
        return (place, end, text.Op("shl.b64", "b64", start.Text, "2"), group);
    }

    private static PtxOperand Load(PtxText text, PtxOperand address) => text.Op("ld.global.f32", "f32", $"[{address}]");
}

/// <summary>Elements that follow each other and are of one group: what one block does.</summary>
/// <param name="Start">The first, counted from the first parameter.</param>
/// <param name="Count">How many.</param>
/// <param name="Group">The group's number.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct UpdateStretch(ulong Start, uint Count, uint Group);
