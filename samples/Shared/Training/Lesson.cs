using NetGen.TensorBoard;

namespace NetGen.Samples;

/// <summary>What one training consists of whose steps are written by hand.</summary>
internal abstract class Lesson : IDisposable
{
    /// <summary>The trainers, by the names that their checkpoints get.</summary>
    public abstract IReadOnlyList<TrainerFile> Files { get; }

    /// <summary>What is trained and how, in words.</summary>
    public abstract string Description { get; }

    /// <summary>Learns from some images.</summary>
    /// <param name="batch">The images and their classes.</param>
    /// <param name="step">Steps before this one.</param>
    /// <returns>The loss that is shown, and logged as the others are.</returns>
    public abstract double Step(Batch batch, long step);

    /// <summary>Logs what is known of the last step.</summary>
    public abstract void Log(SummaryWriter log, long step);

    /// <summary>Shows how far it is, at the end of an epoch.</summary>
    /// <returns>What the line of the epoch says of it.</returns>
    public abstract string EndEpoch(SummaryWriter log, long step);

    /// <summary>Shows what came of it.</summary>
    public abstract void End(SummaryWriter log, long step);

    /// <summary>Writes the trained parameters.</summary>
    public abstract void Save(string path);

    public abstract void Dispose();
}

/// <summary>A trainer's checkpoint.</summary>
/// <param name="Name">What is added to the file's name; nothing where there is one trainer.</param>
/// <param name="Save">Writes it, with texts.</param>
/// <param name="Load">Reads it, and gives the texts.</param>
internal sealed record TrainerFile(string Name, Action<string, IReadOnlyDictionary<string, string>> Save,
    Func<string, IReadOnlyDictionary<string, string>> Load)
{
    /// <summary>Where it is, beside the file that the command line names.</summary>
    public string PathFor(string path) => Name.Length == 0 ? path : Path.ChangeExtension(path, $".{Name}{Path.GetExtension(path)}");
}
