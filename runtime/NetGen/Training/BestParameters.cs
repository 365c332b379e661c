using System.Globalization;

namespace NetGen;

/// <summary>The parameters of the best epoch, to be given back to the network in the end; checkpoints keep them.</summary>
internal sealed class BestParameters(INetwork network) : ITensorPart, IDisposable
{
    private const string Key = "epoch";
    private readonly ParameterCopy _copy = new(network.Parameters);

    /// <summary>The epoch that they are of; 0 before the first.</summary>
    public int Epoch { get; private set; }

    /// <summary>Takes the network's parameters as they are.</summary>
    public void Take(int epoch)
    {
        _copy.Take();
        Epoch = epoch;
    }

    /// <summary>Gives the network those of the best epoch; nothing happens where there was none.</summary>
    public void Give()
    {
        if (Epoch > 0)
            _copy.Give();
    }

    public IReadOnlyList<Parameter> Tensors(string prefix) => _copy.Views(prefix);

    public IReadOnlyDictionary<string, string> GetState()
        => new Dictionary<string, string> { [Key] = Epoch.ToString(CultureInfo.InvariantCulture) };

    public void Restore(IReadOnlyDictionary<string, string> state)
    {
        long epoch = new ScheduleState(state).GetCount(Key);
        Epoch = epoch <= int.MaxValue ? (int)epoch : throw new ArgumentException($"State: the best epoch {epoch} cannot be.");
    }

    public void Dispose() => _copy.Dispose();
}
