using System.Globalization;
using TorchSharp;
using TorchSharp.Peer;

if (args.Length != 2 || !int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out int threads) || threads == 0)
{
    Console.Error.WriteLine("usage: TorchSharp.Peer MODEL_FOLDER THREADS (the protocol is that of torch_peer.py)");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
torch.set_num_threads(threads);
var peer = new Peer(args[0]);
while (Console.ReadLine() is { } line)
{
    string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    if (words.Length == 0)
        continue;
    if (words[0] == "quit")
        break;
    string answer;
    try
    {
        answer = $"ok {peer.Execute(words)}";
    }
    // Answered, so that the parent can report it by row and go on; TorchSharp throws exceptions of many types.
    catch (Exception exception)
    {
        answer = $"error {exception.GetType().Name}: {exception.Message}".ReplaceLineEndings(" ");
    }

    Console.WriteLine(answer);
}

return 0;
