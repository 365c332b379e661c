using System.Globalization;

namespace NetGen.CompilerServices;

/// <summary>Checkpoints: one file with all that training goes on from.</summary>
public sealed unsafe partial class OptimizerState
{
    private const string Own = "trainer.", Notes = "note.", Tensors = "optimizer.";

    /// <summary>What the names of tensors begin with that are no parameter and of no optimiser; those have no slash.</summary>
    internal const string Further = "part/";

    /// <summary>
    /// Writes parameters, what is remembered of them, learning rates, counts of steps, seed and notes to one <c>safetensors</c>
    /// file, which at any moment is the old one or the complete new one.
    /// </summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="seed">The trainer's seed.</param>
    /// <param name="step">The trainer's count of forward passes.</param>
    /// <param name="notes">Texts of the caller's.</param>
    /// <param name="further">More tensors, whose names begin with <see cref="Further"/>.</param>
    /// <exception cref="ArgumentException">
    /// A text has half of a surrogate pair, or all are more than a header holds; nothing is written.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The state was disposed of.</exception>
    internal void SaveCheckpoint(
        string path, ulong seed, uint step, IReadOnlyDictionary<string, string>? notes, IReadOnlyList<Parameter> further)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        notes ??= new Dictionary<string, string>();
        SafeTensors.CheckTexts(notes, nameof(notes));
        var state = new ScheduleState();
        state.Set("optimizer", Kind);
        state.Set("buffers", BufferCount);
        state.Set("seed", seed.ToString(CultureInfo.InvariantCulture));
        state.Set("forward_passes", step);
        state.Set("steps", Steps);
        state.Set("group_steps", string.Join(' ', _groups.Select(group => group.Progress.Steps.ToString(CultureInfo.InvariantCulture))));
        state.Set("group_momentum", string.Join(' ', _groups.Select(group => group.Progress.HasMomentum ? "1" : "0")));
        new ScheduledRates(Optimizer, this).Save(state);
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string value) in state.Values)
            metadata.Add(Own + key, value);
        foreach ((string key, string value) in notes)
            metadata.Add(Notes + key, value);
        SafeTensors.Save(path, [.. _parameters, .. BufferViews(BufferCount), .. further], metadata);
        GC.KeepAlive(this);
    }

    /// <summary>Goes on from a checkpoint of the same network with an optimiser of the same kind and the same groups.</summary>
    /// <param name="path">The file to read.</param>
    /// <param name="seed">The trainer's seed.</param>
    /// <param name="step">The trainer's count of forward passes.</param>
    /// <param name="further">More tensors that are read; those that are not asked for are none that do not fit.</param>
    /// <returns>The notes.</returns>
    /// <exception cref="SafeTensorsException">
    /// The file is damaged, no checkpoint, or of another network or optimiser; nothing is changed.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The state was disposed of.</exception>
    internal IReadOnlyDictionary<string, string> LoadCheckpoint(
        string path, ref ulong seed, ref uint step, IReadOnlyList<Parameter> further)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        using var reader = new SafeTensorsReader(path);
        var rates = new ScheduledRates(Optimizer, this);
        (double?[], double? Momentum) newRates;
        (long Steps, bool HasMomentum)[] progress;
        long newSteps, passes;
        int buffers;
        ulong newSeed;
        try
        {
            var state = new ScheduleState(Part(reader.Metadata, Own));
            state.Expect("optimizer", Kind);
            newRates = rates.Parse(state);
            newSteps = state.GetCount("steps");
            passes = state.GetCount("forward_passes");
            newSeed = Seed(state.GetText("seed"));
            progress = Progress(state);
            // A momentum that was switched on and off again leaves its buffer.
            int needed = StatesOf(RuleFor(newRates.Momentum ?? 0));
            long given = state.GetCount("buffers");
            if (passes > uint.MaxValue || given > 3 || given < needed)
                throw new ArgumentException($"State: {given} buffers where {needed} are needed, or {passes} forward passes, cannot be.");
            buffers = (int)given;
        }
        catch (ArgumentException exception)
        {
            // That a text was damaged is what is wrong with it, where it was.
            reader.CheckChecksum();
            throw new SafeTensorsException(path, null, $"no checkpoint that fits this trainer. {exception.Message}", exception);
        }

        int had = BufferCount;
        AllocateBuffers(buffers);
        try
        {
            // All or nothing; nothing else is changed before.
            SafeTensors.Load(reader, [.. _parameters, .. BufferViews(buffers), .. further],
                name => name.StartsWith(Further, StringComparison.Ordinal));
        }
        catch
        {
            FreeBuffers(had);
            throw;
        }
        FreeBuffers(buffers);
        rates.Write(newRates);
        for (int i = 0; i < _groups.Length; i++)
            _groups[i].Progress = progress[i];
        (Steps, seed, step) = (newSteps, newSeed, (uint)passes);
        GradientNorm = null;
        ChooseRule();
        GC.KeepAlive(this);
        return Part(reader.Metadata, Notes);
    }

    /// <summary>The notes among what a checkpoint says of itself.</summary>
    internal static IReadOnlyDictionary<string, string> NotesOf(IReadOnlyDictionary<string, string> metadata) => Part(metadata, Notes);

    private int BufferCount => _third != null ? 3 : _second != null ? 2 : _first != null ? 1 : 0;

    // What the buffers mean; numbers may be changed before training goes on.
    private string Kind => Optimizer.GetType().Name
        + (Optimizer is Adam { Amsgrad: true } or AdamW { Amsgrad: true }
            ? " with AMSGrad" : Optimizer is RMSprop { Centered: true } ? ", centred" : "")
        + (Optimizer.Maximize ? ", maximizing" : "");

    // PyTorch's names.
    private string[] BufferNames => Optimizer switch
    {
        SGD => ["momentum_buffer"],
        Adam or AdamW => ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"],
        RMSprop => ["square_avg", "momentum_buffer", "grad_avg"],
        _ => ["sum"],
    };

    private IEnumerable<Parameter> BufferViews(int count)
    {
        AlignedBuffer?[] buffers = [_first, _second, _third];
        string[] names = BufferNames;
        return _parameters.Where(parameter => parameter.IsLearned)
            .SelectMany(parameter =>
                Enumerable.Range(0, count).Select(i => parameter.In(buffers[i]!, $"{Tensors}{parameter.Name}.{names[i]}")));
    }

    // Down to a number of buffers.
    private void FreeBuffers(int keep)
    {
        if (keep < 3)
            Free(ref _third);
        if (keep < 2)
            Free(ref _second);
        if (keep < 1)
            Free(ref _first);

        static void Free(ref AlignedBuffer? buffer)
        {
            buffer?.Dispose();
            buffer = null;
        }
    }

    private (long Steps, bool HasMomentum)[] Progress(ScheduleState state)
    {
        string[] steps = state.GetText("group_steps").Split(' '), momentum = state.GetText("group_momentum").Split(' ');
        if (steps.Length != _groups.Length || momentum.Length != _groups.Length)
            throw new ArgumentException($"State: it is of {steps.Length - 1} parameter groups, but the optimiser "
                + $"has {_groups.Length - 1}.");
        var progress = new (long, bool)[_groups.Length];
        for (int i = 0; i < progress.Length; i++)
        {
            if (!long.TryParse(steps[i], NumberStyles.None, CultureInfo.InvariantCulture, out long count)
                || momentum[i] is not ("0" or "1"))
                throw new ArgumentException($"State: a group has {FileText.Quote(steps[i])} steps and "
                    + $"momentum {FileText.Quote(momentum[i])}.");
            progress[i] = (count, momentum[i] == "1");
        }
        return progress;
    }

    private static ulong Seed(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? seed : throw new ArgumentException($"State: the seed is {FileText.Quote(text)}, not a whole number from 0 to 2⁶⁴ − 1.");

    private static Dictionary<string, string> Part(IReadOnlyDictionary<string, string> metadata, string prefix) => metadata
        .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value, StringComparer.Ordinal);
}
