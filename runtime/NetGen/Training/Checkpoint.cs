using System.Globalization;

namespace NetGen;

/// <summary>
/// Everything that a training goes on from, in one safetensors file: what the trainer keeps (parameters, the optimiser's state, learning
/// rates, the seed and count of dropout), the position in the data, the state of schedulers and the like, and texts of yours. The file is
/// written to a temporary one beside it, flushed to the disk and renamed, so that whatever happens, it is the old one or the complete new
/// one. It has a checksum of all of it, which is looked at before anything is read.
/// </summary>
/// <example>
/// <code>
/// var checkpoint = new Checkpoint(trainer) { Source = loader, Parts = { ["schedule"] = scheduler } };
/// checkpoint.Save("run.safetensors", epoch);
/// // In a new process, with everything made as before:
/// CheckpointPosition position = checkpoint.Load("run.safetensors");
/// loader.Start(position.Epoch + 1, position.Batch);
/// </code>
/// </example>
/// <param name="trainer">The trainer.</param>
public sealed class Checkpoint(ITrainer trainer)
{
    private const string Version = "1";
    private const string Part = "part.", User = "user.";

    /// <summary>The trainer.</summary>
    public ITrainer Trainer { get; } = trainer ?? throw new ArgumentNullException(nameof(trainer));

    /// <summary>
    /// Where the batches come from. Its settings are kept, and a checkpoint of others is refused; the position is its random state.
    /// </summary>
    public IBatchSource? Source { get; init; }

    /// <summary>What else has a state, by names of your choice.</summary>
    public IDictionary<string, IStateful> Parts { get; } = new SortedDictionary<string, IStateful>(StringComparer.Ordinal);

    /// <summary>Writes the checkpoint.</summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="epoch">Epochs that are done.</param>
    /// <param name="batch">Batches of the next epoch that are done.</param>
    /// <param name="metadata">Texts of yours.</param>
    /// <exception cref="ArgumentException">
    /// A part's name is empty or has a point, or a text has half of a surrogate pair, or all are more than a header holds; nothing is
    /// written.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    /// <exception cref="IOException">The file cannot be written; an older one is as it was.</exception>
    public void Save(string path, int epoch, int batch = 0, IReadOnlyDictionary<string, string>? metadata = null)
    {
        FileAccessor.CheckPath(path);
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        Dictionary<string, string> notes = Notes(epoch, batch, metadata);
        IReadOnlyList<Parameter> tensors = Tensors();
        if (tensors.Count > 0)
            Core().SaveCheckpoint(path, notes, tensors);
        else
            Trainer.SaveCheckpoint(path, notes);
    }

    /// <summary>The tensors of all parts that have some.</summary>
    private IReadOnlyList<Parameter> Tensors()
        => [.. Parts.Where(part => part.Value is ITensorPart)
            .SelectMany(part => ((ITensorPart)part.Value).Tensors($"{CompilerServices.OptimizerState.Further}{part.Key}/"))];

    private CompilerServices.TrainerCore Core() => Trainer as CompilerServices.TrainerCore ?? throw new NotSupportedException(
        "Only the trainer of a generated network writes checkpoints with parts that have tensors.");

    /// <summary>The texts of a checkpoint, all of which a file can keep.</summary>
    /// <exception cref="ArgumentException">A part's name is empty or has a point, or a text has half of a surrogate pair.</exception>
    internal Dictionary<string, string> Notes(int epoch, int batch, IReadOnlyDictionary<string, string>? metadata)
    {
        metadata ??= new Dictionary<string, string>();
        SafeTensors.CheckTexts(metadata, nameof(metadata));
        var notes = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["checkpoint"] = Version,
            ["epoch"] = epoch.ToString(CultureInfo.InvariantCulture),
            ["batch"] = batch.ToString(CultureInfo.InvariantCulture),
        };
        if (Source != null)
            notes.Add("source", Source.Settings);
        foreach ((string name, IStateful part) in Parts)
        {
            CheckName(name);
            foreach ((string key, string value) in part.GetState())
                notes.Add($"{Part}{name}.{key}", value);
        }
        foreach ((string key, string value) in metadata)
            notes.Add(User + key, value);
        SafeTensors.CheckTexts(notes, nameof(Parts));
        return notes;
    }

    /// <summary>Goes on from a checkpoint: trainer and parts are as they were. The source is not started.</summary>
    /// <param name="path">The file to read.</param>
    /// <returns>The position in the data, and the texts.</returns>
    /// <exception cref="SafeTensorsException">
    /// The file is damaged, no such checkpoint, or of another network, optimiser, source or part; nothing is changed.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public CheckpointPosition Load(string path)
    {
        IReadOnlyDictionary<string, string> notes;
        using (var reader = new SafeTensorsReader(path))
        {
            reader.CheckChecksum();
            notes = CompilerServices.OptimizerState.NotesOf(reader.Metadata);
        }
        // The parts first: they tell what does not fit before they change, and can go back.
        var before = new List<(IStateful Part, IReadOnlyDictionary<string, string> State)>();
        try
        {
            var state = new ScheduleState(notes);
            state.Expect("checkpoint", Version);
            var position = new CheckpointPosition(Count(state, "epoch"), Count(state, "batch"), Under(notes, User));
            if (Source != null)
                state.Expect("source", Source.Settings);
            foreach ((string name, IStateful part) in Parts)
            {
                CheckName(name);
                IReadOnlyDictionary<string, string> own = Under(notes, $"{Part}{name}.");
                if (own.Count == 0)
                    throw new ArgumentException($"It has no part '{name}'.");
                before.Add((part, part.GetState()));
                part.Restore(own);
            }
            IReadOnlyList<Parameter> tensors = Tensors();
            if (tensors.Count > 0)
                Core().LoadCheckpoint(path, tensors);
            else
                Trainer.LoadCheckpoint(path);
            return position;
        }
        catch (Exception exception)
        {
            for (int i = before.Count - 1; i >= 0; i--)
                before[i].Part.Restore(before[i].State);
            if (exception is ArgumentException)
                throw new SafeTensorsException(path, null, $"no checkpoint that fits this training. {exception.Message}", exception);
            throw;
        }
    }

    private static int Count(ScheduleState state, string key) => state.GetCount(key) is <= int.MaxValue and var count
        ? (int)count
        : throw new ArgumentException($"State: '{key}' is beyond {int.MaxValue}.");

    private static void CheckName(string name)
    {
        if (name.Length == 0 || name.Contains('.', StringComparison.Ordinal))
            throw new ArgumentException($"A part's name must not be empty and have no point: '{name}'.");
    }

    private static Dictionary<string, string> Under(IReadOnlyDictionary<string, string> notes, string prefix) => notes
        .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value, StringComparer.Ordinal);
}

/// <summary>How far a training was when its checkpoint was written.</summary>
/// <param name="Epoch">Epochs that were done.</param>
/// <param name="Batch">Batches of the next epoch that were done.</param>
/// <param name="Metadata">The texts that were saved with it.</param>
public sealed record CheckpointPosition(int Epoch, int Batch, IReadOnlyDictionary<string, string> Metadata);
